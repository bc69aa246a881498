"""An account: one log-in name, one person, a password, and the posts they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from services.security.accounts.domain.events import (
    AccountClosed,
    AccountOpened,
    PasswordSet,
    PostGranted,
    PostWithdrawn,
)
from services.security.register.domain.people import check_standing
from services.security.register.domain.places import no_such
from shared.errors import Forbidden, Invalid, NotFound, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import EVERY
from shared.privacy.personal import Personal

# of a token's 8,192 characters, as base64url writes four for three bytes
MOST_BYTES = 4500


class LoginTaken(Refused):
    """Somebody has an account under this name."""


class Closed(Refused):
    """The account was closed for good."""


class WrongPassword(Forbidden):
    """The old password was needed, and not given right."""


class TooManyPosts(Refused):
    """The posts would not fit into a token."""


class AlreadyGranted(Refused):
    """The account holds this very post."""


class Held(Struct, frozen=True, kw_only=True):
    """A post as the account holds it."""

    post: str
    role: str
    community: str
    buildings: tuple[str, ...] | None
    team: str | None
    superior: str | None


class Account(Struct, frozen=True, kw_only=True):
    account: str | None = None
    person: str = ""
    login: Annotated[str | None, Personal("person")] = None
    hash: Annotated[str | None, Personal("person", secret=True)] = None
    posts: tuple[Held, ...] = ()
    closed: bool = False

    @property
    def open(self) -> bool:
        return self.account is not None and not self.closed

    def post(self, post: str) -> Held | None:
        return next((held for held in self.posts if held.post == post), None)


class OpenAccount(Struct, frozen=True, kw_only=True):
    """``standing``: the person's in the register."""

    account: str
    person: str
    standing: str
    login: str
    hash: str


class SetPassword(Struct, frozen=True, kw_only=True):
    """``permitted``: the old password was right, or the caller needs none."""

    hash: str
    session: str | None
    permitted: bool


class Grant(Struct, frozen=True, kw_only=True):
    """``unknown``: what of its place is not registered, field to words."""

    post: str
    role: str
    community: str
    buildings: tuple[str, ...] | None
    team: str | None
    superior: str | None
    unknown: dict[str, str]


class Withdraw(Struct, frozen=True, kw_only=True):
    post: str


class CloseAccount(Struct, frozen=True, kw_only=True):
    reason: str


def decide(command: Any, state: Account, _meta: Meta) -> Sequence[Any]:
    match command:
        case OpenAccount():
            return _open(command, state)
        case CloseAccount() if state.closed:
            return []
    if state.account is None:
        raise no_such("account", "account")
    if state.closed:
        raise Closed("This account was closed; open another one.", allowed=["open_account"])
    match command:
        case SetPassword():
            if not command.permitted:
                raise WrongPassword(
                    "The old password is not right.",
                    fields={"old_password": ["This is not the old password."]},
                )
            return [
                PasswordSet(
                    account=state.account,
                    person=state.person,
                    hash=command.hash,
                    session=command.session,
                )
            ]
        case Grant():
            return [_grant(command, state, state.account)]
        case Withdraw():
            return [_withdraw(command.post, state, state.account)]
        case CloseAccount():
            gone = [_withdraw(held.post, state, state.account) for held in state.posts]
            closed = AccountClosed(
                account=state.account, person=state.person, reason=command.reason
            )
            return [*gone, closed]
    raise TypeError(f"no account knows the command {type(command).__name__}")


def _open(command: OpenAccount, state: Account) -> Sequence[Any]:
    if state.account is not None:
        raise LoginTaken("This log-in name is taken; choose another one.")
    check_standing(command.standing)
    return [
        AccountOpened(account=command.account, person=command.person, login=command.login),
        PasswordSet(
            account=command.account, person=command.person, hash=command.hash, session=None
        ),
    ]


def _grant(command: Grant, state: Account, account: str) -> PostGranted:
    if command.unknown:
        raise NotFound(
            "Register what the post is for first; see its fields.",
            fields={field: [text] for field, text in command.unknown.items()},
        )
    if command.community == EVERY and command.buildings is not None:
        raise _invalid("buildings", "A post in every community has no buildings of its own.")
    if command.superior == state.person:
        raise _invalid("superior", "Nobody is their own superior.")
    wanted = (command.role, command.community, command.buildings, command.team)
    if any((h.role, h.community, h.buildings, h.team) == wanted for h in state.posts):
        raise AlreadyGranted("The account holds this post already.", allowed=["withdraw_grant"])
    if len(_claimed(state.posts)) + len(_claimed((command,))) > MOST_BYTES:
        raise TooManyPosts("The account holds too many posts; withdraw some.")
    return PostGranted(
        post=command.post,
        account=account,
        person=state.person,
        role=command.role,
        community=command.community,
        buildings=command.buildings,
        team=command.team,
        superior=command.superior,
    )


def _claimed(posts: Sequence[Held | Grant]) -> bytes:
    """The posts as a token claims them."""
    return msgspec.json.encode([(post.role, post.community, post.buildings) for post in posts])


def _withdraw(post: str, state: Account, account: str) -> PostWithdrawn:
    held = state.post(post)
    if held is None:
        raise NotFound(
            "The account holds no such post.", fields={"post": ["The account holds no such post."]}
        )
    return PostWithdrawn(
        post=held.post,
        account=account,
        person=state.person,
        role=held.role,
        community=held.community,
        buildings=held.buildings,
    )


def _invalid(field: str, text: str) -> Invalid:
    return Invalid("The post does not fit; see its fields.", fields={field: [text]})


def evolve(state: Account, event: Any, _meta: Meta) -> Account:
    match event:
        case AccountOpened():
            return Account(account=event.account, person=event.person, login=event.login)
        case PasswordSet():
            return replace(state, hash=event.hash)
        case PostGranted():
            held = Held(
                post=event.post,
                role=event.role,
                community=event.community,
                buildings=event.buildings,
                team=event.team,
                superior=event.superior,
            )
            return replace(state, posts=(*state.posts, held))
        case PostWithdrawn():
            left = tuple(held for held in state.posts if held.post != event.post)
            return replace(state, posts=left)
        case AccountClosed():
            return replace(state, login=None, hash=None, posts=(), closed=True)
    return state


ACCOUNT = Decider("account", Account, decide, evolve)
