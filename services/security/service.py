"""The RPC surface of ``security``."""

from __future__ import annotations

from typing import Any

from services.security.accounts import schemas as a
from services.security.accounts.answers import Granted, Tokens
from services.security.accounts.application import Accounts
from services.security.accounts.login import Login
from services.security.accounts.signing import Signing
from services.security.calendars import answers as fed
from services.security.calendars import schemas as f
from services.security.calendars.application import Feeds
from services.security.register import answers as told
from services.security.register import schemas as r
from services.security.register.application import Register
from services.security.register.directory import Directory
from shared.hosting.gate import Gate
from shared.hosting.rpc import method
from shared.request import Request

Data = dict[str, Any]


class SecurityService:
    name = "security"
    gate = Gate()

    @property
    def _register(self) -> Register:
        found: Register = self.gate.parts.applications["register"]
        return found

    @property
    def _directory(self) -> Directory:
        found: Directory = self.gate.parts.applications["directory"]
        return found

    @property
    def _accounts(self) -> Accounts:
        found: Accounts = self.gate.parts.applications["accounts"]
        return found

    @property
    def _sessions(self) -> Login:
        found: Login = self.gate.parts.applications["sessions"]
        return found

    @property
    def _signing(self) -> Signing:
        found: Signing = self.gate.parts.applications["signing"]
        return found

    @property
    def _feeds(self) -> Feeds:
        found: Feeds = self.gate.parts.applications["feeds"]
        return found

    @method(r.RegisterCommunity)
    def register_community(self, request: Request, data: Data) -> Data:
        return self._register.register_community(request, data)

    @method(r.RegisterBuilding)
    def register_building(self, request: Request, data: Data) -> Data:
        return self._register.register_building(request, data)

    @method(r.RegisterUnit)
    def register_unit(self, request: Request, data: Data) -> Data:
        return self._register.register_unit(request, data)

    @method(r.RegisterPerson)
    def register_person(self, request: Request, data: Data) -> Data:
        return self._register.register_person(request, data)

    @method(r.MoveIn)
    def move_in(self, request: Request, data: Data) -> Data:
        return self._register.move_in(request, data)

    @method(r.MoveOut)
    def move_out(self, request: Request, data: Data) -> Data:
        return self._register.move_out(request, data)

    @method(r.ForgetPerson)
    def forget_person(self, request: Request, data: Data) -> Data:
        return self._register.forget_person(request, data)

    @method(a.OpenAccount)
    def open_account(self, request: Request, data: Data) -> Data:
        return self._accounts.open_account(request, data)

    @method(a.SetPassword)
    def set_password(self, request: Request, data: Data) -> Data:
        return self._accounts.set_password(request, data)

    @method(a.Grant, Granted)
    def grant(self, request: Request, data: Data) -> Data:
        return self._accounts.grant(request, data)

    @method(a.WithdrawGrant)
    def withdraw_grant(self, request: Request, data: Data) -> Data:
        return self._accounts.withdraw_grant(request, data)

    @method(a.Login, Tokens, public=True)
    def login(self, request: Request, data: Data) -> Data:
        return self._sessions.login(request, data)

    @method(a.Refresh, Tokens, public=True)
    def refresh(self, request: Request, data: Data) -> Data:
        return self._sessions.refresh(request, data)

    @method(a.Logout)
    def logout(self, request: Request, data: Data) -> Data:
        return self._sessions.logout(request, data)

    @method(a.RevokeSession)
    def revoke_session(self, request: Request, data: Data) -> Data:
        return self._sessions.revoke_session(request, data)

    @method(a.RotateKey)
    def rotate_key(self, request: Request, data: Data) -> Data:
        return self._signing.rotate_key(request, data)

    @method(r.Me, told.Me)
    def me(self, request: Request, data: Data) -> Data:
        return self._directory.me(request, data)

    @method(r.Communities, told.Communities)
    def communities(self, request: Request, data: Data) -> Data:
        return self._directory.communities(request, data)

    @method(r.Units, told.Units)
    def units(self, request: Request, data: Data) -> Data:
        return self._directory.units(request, data)

    @method(r.People, told.People)
    def people(self, request: Request, data: Data) -> Data:
        return self._directory.people(request, data)

    @method(r.FindPerson, told.Found)
    def find_person(self, request: Request, data: Data) -> Data:
        return self._directory.find_person(request, data)

    @method(r.Person, told.Person)
    def person(self, request: Request, data: Data) -> Data:
        return self._directory.person(request, data)

    @method(f.OpenFeed)
    def open_feed(self, request: Request, data: Data) -> Data:
        return self._feeds.open_feed(request, data)

    @method(f.CloseFeed)
    def close_feed(self, request: Request, data: Data) -> Data:
        return self._feeds.close_feed(request, data)

    @method(f.Feed, fed.Feed)
    def feed(self, request: Request, data: Data) -> Data:
        return self._feeds.feed(request, data)

    @method(f.FeedOwner, fed.FeedOwner)
    def feed_owner(self, request: Request, data: Data) -> Data:
        return self._feeds.feed_owner(request, data)
