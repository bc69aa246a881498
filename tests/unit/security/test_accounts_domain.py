"""Given these events, when this is asked, then that: accounts, sessions and signing keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from services.security.accounts.domain.accounts import (
    ACCOUNT,
    AlreadyGranted,
    CloseAccount,
    Closed,
    Grant,
    LoginTaken,
    OpenAccount,
    SetPassword,
    TooManyPosts,
    Withdraw,
    WrongPassword,
)
from services.security.accounts.domain.events import (
    AccountClosed,
    AccountOpened,
    PasswordSet,
    PostGranted,
    PostWithdrawn,
    SessionOpened,
    SessionRefreshed,
    SessionRevoked,
    SigningKeyPublished,
    SigningKeyRetired,
)
from services.security.accounts.domain.sessions import (
    LIFETIME,
    SESSION,
    OpenSession,
    RefreshSession,
    RevokeSession,
    SessionOver,
    WrongRefreshToken,
)
from services.security.accounts.domain.signing import (
    OWNER,
    SIGNING_KEYS,
    PublishKey,
    SigningKeys,
)
from services.security.register.domain.people import Forgotten
from shared.errors import Invalid, NotFound
from shared.testing.scenario import NOON, at, fold, given

WHO = {"account": "_.a", "person": "garden.p"}
OPEN = OpenAccount(**WHO, standing="known", login="wang", hash="$h")
OPENED = AccountOpened(**WHO, login="wang")
SET = PasswordSet(**WHO, hash="$h", session=None)
GRANT = Grant(
    post="_.1",
    role="guard",
    community="garden",
    buildings=None,
    team=None,
    superior=None,
    unknown={},
)
GRANTED = PostGranted(
    **WHO, post="_.1", role="guard", community="garden", buildings=None, team=None, superior=None
)
WITHDRAWN = PostWithdrawn(**WHO, post="_.1", role="guard", community="garden", buildings=None)
CLOSED = AccountClosed(**WHO, reason="forgotten")
ACCOUNT_EVENTS = (OPENED, SET, GRANTED)


def test_an_account_is_opened_with_its_password() -> None:
    state = given(ACCOUNT).when(OPEN).then(OPENED, SET)
    assert state.open
    given(ACCOUNT, OPENED, SET).when(OPEN).refused(LoginTaken)
    given(ACCOUNT).when(replace(OPEN, standing="unknown")).refused(NotFound, fields=["person"])
    given(ACCOUNT).when(replace(OPEN, standing="forgotten")).refused(Forgotten)


def test_a_password_is_set_by_who_may() -> None:
    change = SetPassword(hash="$2", session="_.s", permitted=True)
    given(ACCOUNT, OPENED, SET).when(change).then(replace(SET, hash="$2", session="_.s"))
    given(ACCOUNT, OPENED, SET).when(replace(change, permitted=False)).refused(WrongPassword)
    given(ACCOUNT).when(change).refused(NotFound, fields=["account"])


def test_posts_are_given_and_taken() -> None:
    state = given(ACCOUNT, OPENED, SET).when(GRANT).then(GRANTED)
    assert [post.role for post in state.posts] == ["guard"]
    state = given(ACCOUNT, *ACCOUNT_EVENTS).when(Withdraw(post="_.1")).then(WITHDRAWN)
    assert state.posts == ()
    given(ACCOUNT, *ACCOUNT_EVENTS, WITHDRAWN).when(GRANT).then(GRANTED)


def test_which_posts_are_refused() -> None:
    opened = given(ACCOUNT, *ACCOUNT_EVENTS)
    opened.when(replace(GRANT, post="_.2")).refused(AlreadyGranted)
    opened.when(replace(GRANT, post="_.2", team="night")).then(
        replace(GRANTED, post="_.2", team="night")
    )
    opened.when(replace(GRANT, unknown={"superior": "?"})).refused(NotFound, fields=["superior"])
    opened.when(replace(GRANT, superior="garden.p")).refused(Invalid, fields=["superior"])
    opened.when(replace(GRANT, community="*", buildings=("garden.b",))).refused(
        Invalid, fields=["buildings"]
    )
    many = tuple(f"garden.{number:036}" for number in range(110))
    opened.when(replace(GRANT, buildings=many)).refused(TooManyPosts)
    opened.when(Withdraw(post="_.9")).refused(NotFound, fields=["post"])


def test_a_closed_account_has_no_posts_and_takes_nothing() -> None:
    close = CloseAccount(reason="forgotten")
    state = given(ACCOUNT, *ACCOUNT_EVENTS).when(close).then(WITHDRAWN, CLOSED)
    assert (state.login, state.hash, state.posts, state.open) == (None, None, (), False)
    closed = given(ACCOUNT, *ACCOUNT_EVENTS, WITHDRAWN, CLOSED)
    closed.when(close).then()
    closed.when(GRANT).refused(Closed, allowed=["open_account"])
    closed.when(OPEN).refused(LoginTaken)
    closed.when(SetPassword(hash="$", session=None, permitted=True)).refused(Closed)


OPEN_SESSION = OpenSession(session="_.s", **WHO, refresh_digest="one")
SESSION_OPENED = SessionOpened(
    session="_.s", **WHO, refresh_digest="one", expires_at=NOON + LIFETIME
)
REVOKED = SessionRevoked(session="_.s", **WHO, reason="logout")
REFRESH = RefreshSession(presented="one", following="two")


def refreshed(digest: str, time: timedelta) -> SessionRefreshed:
    return SessionRefreshed(
        session="_.s", **WHO, refresh_digest=digest, expires_at=NOON + time + LIFETIME
    )


def test_a_session_is_kept_alive_by_each_token_once() -> None:
    given(SESSION).when(OPEN_SESSION).then(SESSION_OPENED)
    day = timedelta(days=1)
    given(SESSION, SESSION_OPENED).when(REFRESH, at=NOON + day).then(refreshed("two", day))
    second = (SESSION_OPENED, refreshed("two", day))
    given(SESSION, *second).when(REFRESH).then()
    stolen = RefreshSession(presented="one", following="another")
    given(SESSION, *second).when(stolen).refused(WrongRefreshToken)
    third = (*second, refreshed("three", 2 * day))
    given(SESSION, *third).when(REFRESH).refused(WrongRefreshToken)
    given(SESSION, *second).when(
        RefreshSession(presented="two", following="three"), at=NOON + LIFETIME
    ).then(refreshed("three", LIFETIME))
    given(SESSION, *second).when(
        RefreshSession(presented="two", following="three"), at=NOON + day + LIFETIME
    ).refused(SessionOver)
    given(SESSION).when(REFRESH).refused(WrongRefreshToken)


def test_a_session_ends_once() -> None:
    state = given(SESSION, SESSION_OPENED).when(RevokeSession(reason="logout")).then(REVOKED)
    assert state.refresh_digest is None
    given(SESSION, SESSION_OPENED, REVOKED).when(RevokeSession(reason="revoked")).then()
    given(SESSION, SESSION_OPENED, REVOKED).when(REFRESH).refused(SessionOver)
    given(SESSION).when(RevokeSession(reason="revoked")).refused(NotFound, fields=["session"])


def test_the_digest_of_a_forgotten_person_opens_no_session() -> None:
    gone = replace(SESSION_OPENED, refresh_digest=None)
    for presented in ("", "one"):
        given(SESSION, gone).when(
            RefreshSession(presented=presented or "x", following="y")
        ).refused(WrongRefreshToken)


def published(name: str) -> SigningKeyPublished:
    return SigningKeyPublished(
        kid=name, public_key=f"public {name}", owner=OWNER, private_key=f"private {name}"
    )


def publish(name: str, *, first: bool = False) -> PublishKey:
    return PublishKey(
        kid=name, public_key=f"public {name}", private_key=f"private {name}", first=first
    )


def test_two_keys_are_valid_at_once() -> None:
    given(SIGNING_KEYS).when(publish("a", first=True)).then(published("a"))
    given(SIGNING_KEYS, published("a")).when(publish("b", first=True)).then()
    given(SIGNING_KEYS, published("a")).when(publish("b")).then(published("b"))
    given(SIGNING_KEYS, published("a"), published("b")).when(publish("c")).then(
        SigningKeyRetired(kid="a"), published("c")
    )


@pytest.mark.parametrize(("seconds", "signer"), [(0, "a"), (59, "a"), (60, "b"), (9999, "b")])
def test_a_new_key_signs_when_everybody_has_heard_of_it(seconds: int, signer: str) -> None:
    later = NOON + timedelta(hours=1)
    state = fold(SIGNING_KEYS, published("a"), at(later, published("b")))
    assert state.signer(later + timedelta(seconds=seconds)) == (signer, f"private {signer}")


def test_the_only_key_signs_at_once_and_none_signs_where_there_is_none() -> None:
    assert SigningKeys().signer(NOON) is None
    state = fold(SIGNING_KEYS, published("a"))
    assert state.signer(NOON) == ("a", "private a")
    rotated = fold(SIGNING_KEYS, published("a"), published("b"), SigningKeyRetired(kid="a"))
    assert rotated.signer(NOON) == ("b", "private b")
