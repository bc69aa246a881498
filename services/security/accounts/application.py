"""The commands of accounts: opening them, passwords, and the posts that give rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from services.security import ids
from services.security.accounts.domain.accounts import (
    ACCOUNT,
    Account,
    Grant,
    OpenAccount,
    SetPassword,
    Withdraw,
    WrongPassword,
)
from services.security.accounts.domain.sessions import SESSION
from services.security.accounts.passwords import Hasher
from services.security.accounts.throttle import Throttle
from services.security.answers import Registered
from services.security.permissions import require, require_grant
from shared.errors import Invalid
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.eventlog.records import community_of
from shared.identity.caller import EVERY, Caller
from shared.request import Request


class Accounts:
    """Every method takes data that went through its schema, and answers as ``answered`` says."""

    def __init__(
        self, log: EventLog, hasher: Hasher, throttle: Throttle, digest: Callable[[Any], str]
    ) -> None:
        self._log = log
        self._hasher = hasher
        self._throttle = throttle
        self._digest = digest
        self._registered = Registered(log)

    def open_account(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """The account's id derives from the log-in name, so a name is taken once."""
        person = data["person"]
        require("open_account", request.caller, community_of(person))
        stream = ids.account_id(data["login"])
        command = OpenAccount(
            account=stream,
            person=person,
            standing=self._registered.person(person).standing,
            login=data["login"],
            hash=self._hasher.hash(data["password"]),
        )
        return self._carry_out(self._discreet(request, "open_account", data), stream, command)

    def set_password(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """One's own, or somebody's whose posts one may give; ends the account's other sessions."""
        own = self._own_account(request.caller)
        stream = data["account"] or own
        if stream is None:
            raise Invalid(
                "Say whose password it is.", fields={"account": ["This field is required."]}
            )
        if stream != own:
            self._require_over(request.caller, stream)
            return self._set(request, stream, data, permitted=True)
        with self._throttle.attempt(stream) as tries:
            account = self._account(stream)
            right = account.hash is not None and self._hasher.verify(
                account.hash, data["old_password"] or ""
            )
            try:
                answer = self._set(request, stream, data, permitted=right)
            except WrongPassword:
                tries.came_out(False)
                raise
            tries.came_out(True)
            return answer

    def grant(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        """Answers with the ``post`` as well, by which it can be withdrawn."""
        context = request.context
        require_grant(request.caller, data["role"], data["community"])
        post = ids.fresh(ids.COMPANY, "post", context.actor, context.command_id)
        buildings = None if data["buildings"] is None else tuple(sorted(set(data["buildings"])))
        command = Grant(
            post=post,
            role=data["role"],
            community=data["community"],
            buildings=buildings,
            team=data["team"],
            superior=data["superior"],
            unknown=self._unknown(data["community"], buildings, data["superior"]),
        )
        return {**self._carry_out(request, data["account"], command), "post": post}

    def withdraw_grant(self, request: Request, data: dict[str, Any]) -> dict[str, Any]:
        post = self._account(data["account"]).post(data["post"])
        if post is not None:
            require_grant(request.caller, post.role, post.community)
        return self._carry_out(request, data["account"], Withdraw(post=data["post"]))

    def _set(
        self, request: Request, stream: str, data: dict[str, Any], *, permitted: bool
    ) -> dict[str, Any]:
        command = SetPassword(
            hash=self._hasher.hash(data["password"]) if permitted else "",
            session=request.caller.session,
            permitted=permitted,
        )
        return self._carry_out(self._discreet(request, "set_password", data), stream, command)

    def _own_account(self, caller: Caller) -> str | None:
        if caller.session is None:
            return None
        account: str = self._log.load(SESSION, caller.session)[0].account
        return account or None

    def _account(self, stream: str) -> Account:
        found: Account = self._log.load(ACCOUNT, stream)[0]
        return found

    def _require_over(self, caller: Caller, stream: str) -> None:
        """Nobody gets at the account of somebody who holds a post that they could not give."""
        account = self._account(stream)
        if caller.has("admin", EVERY):
            return
        require("set_password", caller, community_of(account.person) or ids.COMPANY)
        for post in account.posts:
            require_grant(caller, post.role, post.community)

    def _unknown(
        self, community: str, buildings: tuple[str, ...] | None, superior: str | None
    ) -> dict[str, str]:
        found = {}
        if community != EVERY and not self._registered.knows(community):
            found["community"] = "There is no such community."
        for building in buildings or ():
            state = self._registered.building(building)
            if state.building is None or state.community != community:
                found["buildings"] = f"There is no building {building} in this community."
        if superior is not None and self._registered.person(superior).standing != "known":
            found["superior"] = "There is no such person."
        return found

    def _carry_out(self, request: Request, stream: str, command: Any) -> dict[str, Any]:
        answer = self._log.execute(
            ACCOUNT, stream, command, request.context, expected_version=request.expected_version
        )
        return answered(self._log, answer, state="open")

    def _discreet(self, request: Request, method: str, data: dict[str, Any]) -> Request:
        """The request of a command with a password in it.

        The digest of its content stays in the log for ever; being fast, it would be a far better
        mark to guess the password at than the slow hash is. So it leaves the password out.
        """
        public = {name: value for name, value in data.items() if "password" not in name}
        digest = self._digest([method, public])
        return replace(request, context=replace(request.context, command_digest=digest))
