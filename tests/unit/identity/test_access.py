import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.clock import ManualClock
from shared.errors import Unavailable
from shared.following.view import View
from shared.identity.access import REVOKED_SESSIONS, SIGNING_KEYS, AccessList
from shared.messaging.envelope import Fact
from tests.support.waiting import wait_until

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
K1 = Ed25519PrivateKey.generate().public_key()
K2 = Ed25519PrivateKey.generate().public_key()
BILLING = Ed25519PrivateKey.generate().public_key()
RAW = {
    # without padding, as security publishes them
    name: urlsafe_b64encode(key.public_bytes_raw()).rstrip(b"=").decode()
    for name, key in (("k1", K1), ("k2", K2))
}


def fact(name: str, time: datetime = NOW, **data: Any) -> Fact:
    return Fact(
        id="f",
        log="security",
        position=1,
        type=name,
        schema=1,
        subject="_.1",
        version=1,
        community="_",
        time=time,
        occurred_at=time,
        actor="service:security",
        command_id="c",
        correlation_id="c",
        data=data,
    )


def published(kid: str) -> Fact:
    return fact("SigningKeyPublished", kid=kid, public_key=RAW[kid], owner="_s", private_key=None)


class Folded:
    """Rows folded from facts by the views themselves, and how often they were read."""

    def __init__(self, *facts: Fact) -> None:
        self.tables: dict[str, dict[str, Any]] = {"signing_keys": {}, "revoked_sessions": {}}
        self.reads = 0
        self.see(*facts)

    def see(self, *facts: Fact) -> None:
        for each in facts:
            for view in (SIGNING_KEYS, REVOKED_SESSIONS):
                if each.type in view.handles:
                    key = view.key(each)
                    assert key is not None
                    row = view.evolve(self.tables[view.name].get(key), each)
                    if row is not None:
                        self.tables[view.name][key] = row

    def rows(
        self, view: View, *, where: str = "", params: Mapping[str, Any] | None = None
    ) -> list[Any]:
        self.reads += view is SIGNING_KEYS
        rows = self.tables[view.name].values()
        if view is SIGNING_KEYS:
            assert (where, params) == ("retired = :retired", {"retired": False})
            return [row for row in rows if not row.retired]
        assert where == "revoked_at >= :since"
        return [row for row in rows if row.revoked_at >= (params or {})["since"]]


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def access(
    folded: Folded, seconds: Seconds | None = None, clock: ManualClock | None = None
) -> AccessList:
    return AccessList(
        folded, {"billing": BILLING}, clock or ManualClock(NOW), monotonic=seconds or Seconds()
    )


def test_published_keys_are_known_until_they_are_retired() -> None:
    folded = Folded(published("k1"), published("k2"))
    assert (access(folded).key("k1"), access(folded).key("k2")) == (K1, K2)
    folded.see(fact("SigningKeyRetired", kid="k1"))
    assert (access(folded).key("k1"), access(folded).key("k2")) == (None, K2)


def test_a_retired_key_never_comes_back() -> None:
    folded = Folded(published("k1"), fact("SigningKeyRetired", kid="k1"), published("k1"))
    assert access(folded).key("k1") is None


def test_retiring_an_unknown_key_makes_no_row() -> None:
    assert not Folded(fact("SigningKeyRetired", kid="k1")).tables["signing_keys"]


def test_service_keys_come_from_the_file_alone() -> None:
    evil = fact("SigningKeyPublished", kid="service:security", public_key=RAW["k1"])
    folded = Folded(evil)
    assert access(folded).key("service:billing") == BILLING
    assert access(folded).key("service:security") is None
    assert access(folded).key("billing") is None


def test_service_keys_do_not_need_the_views() -> None:
    """A follower must be able to call before it has built anything."""
    folded = Folded()
    access(folded).key("service:billing")
    assert folded.reads == 0


def test_who_waited_for_a_reading_that_failed_does_not_try_it_again() -> None:
    """With the database away each would wait as long as the first, one after the other."""
    begun, ended = threading.Event(), threading.Event()

    class Away(Folded):
        def rows(self, *args: Any, **kwargs: Any) -> list[Any]:
            self.reads += 1
            begun.set()
            assert ended.wait(10)
            raise OSError("away")

    folded = Away()
    looks: list[float] = []

    def monotonic() -> float:
        looks.append(time.monotonic())
        return looks[-1]

    listed = AccessList(folded, {}, ManualClock(NOW), monotonic=monotonic)
    said: list[type[Exception]] = []

    def ask() -> None:
        try:
            listed.revoked("s-1")
        except Exception as error:
            said.append(type(error))

    asking = [threading.Thread(target=ask) for _ in range(3)]
    asking[0].start()
    assert begun.wait(10)
    for one in asking[1:]:
        one.start()
    # two of the one who reads, one of each who waits for it
    wait_until("all have asked", lambda: len(looks) >= 4)
    ended.set()
    for one in asking:
        one.join()
    assert said.count(OSError) == 1 and said.count(Unavailable) == 2
    ask()
    assert folded.reads == 2 and said[-1] is OSError


def test_revoked_sessions() -> None:
    listed = access(Folded(fact("SessionRevoked", session="s-1", reason="logout")))
    assert listed.revoked("s-1")
    assert not listed.revoked("s-2")


def test_the_first_revocation_counts() -> None:
    folded = Folded(fact("SessionRevoked", session="s-1"))
    folded.see(fact("SessionRevoked", NOW + timedelta(days=1), session="s-1"))
    assert folded.tables["revoked_sessions"]["s-1"].revoked_at == int(NOW.timestamp())


@pytest.mark.parametrize(("minutes", "listed"), [(64, True), (66, False)])
def test_sessions_are_listed_as_long_as_a_token_of_theirs_may_live(
    minutes: int, listed: bool
) -> None:
    folded = Folded(fact("SessionRevoked", session="s-1"))
    clock = ManualClock(NOW + timedelta(minutes=minutes))
    assert access(folded, clock=clock).revoked("s-1") is listed


@pytest.mark.parametrize("after", [0.51, 0.99, 1.01])
def test_the_views_are_read_at_most_twice_a_second(after: float) -> None:
    folded, seconds = Folded(published("k1")), Seconds()
    listed = access(folded, seconds)
    for _ in range(10):
        listed.key("k1")
        listed.revoked("s-1")
    assert folded.reads == 1
    folded.see(fact("SessionRevoked", session="s-1"))
    seconds.now += 0.49
    assert not listed.revoked("s-1")
    seconds.now += after - 0.49
    assert listed.revoked("s-1")
    assert listed.revoked("s-1")
    assert folded.reads == 2


def test_what_cannot_be_read_again_holds_until_it_is_too_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folded, seconds = Folded(published("k1")), Seconds()
    listed = access(folded, seconds)
    assert listed.key("k1") == K1

    def away(*_: Any, **__: Any) -> list[Any]:
        seconds.now += 0.2
        raise Unavailable("away")

    monkeypatch.setattr(folded, "rows", away)
    seconds.now += 0.7
    assert listed.key("k1") == K1
    with pytest.raises(Unavailable):
        listed.key("k1")  # it became too old while it was read again


def test_a_slow_reading_does_not_take_back_what_another_has_seen() -> None:
    folded, seconds = Folded(published("k1")), Seconds()
    listed = access(folded, seconds)
    assert listed.key("k1") == K1
    rows = folded.rows

    def slow(view: View, **asked: Any) -> list[Any]:
        found = rows(view, **asked)
        if view is REVOKED_SESSIONS:
            folded.rows = rows  # type: ignore[method-assign]
            folded.see(fact("SessionRevoked", session="s-1"))
            assert listed.key("k2") is None, "who looks for an unknown key reads all anew"
        return found

    folded.rows = slow  # type: ignore[method-assign]
    seconds.now += 0.7
    assert listed.revoked("s-1")
    assert listed.revoked("s-1")


def test_a_key_published_just_now_is_found_soon_without_a_storm_of_reads() -> None:
    folded, seconds = Folded(published("k1")), Seconds()
    listed = access(folded, seconds)
    assert listed.key("k2") is None
    folded.see(published("k2"))
    seconds.now += 0.06
    assert listed.key("k2") == K2
    for _ in range(100):
        assert listed.key("nowhere") is None
    assert folded.reads == 2
