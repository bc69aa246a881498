import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from jwt import PyJWS

from shared.clock import ManualClock
from shared.errors import Unauthenticated
from shared.identity import tokens
from shared.identity.caller import Caller, Post
from shared.identity.tokens import TokenVerifier, sign

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
AT = int(NOW.timestamp())
KEY = Ed25519PrivateKey.generate()
BILLING = Ed25519PrivateKey.generate()
GOOD: dict[str, Any] = {
    "iss": "wuye",
    "sub": "li",
    "sid": "s-1",
    "posts": [["resident", "green", None], ["technician", "lake", ["l1", "l2"]]],
    "lang": "zh-CN",
    "pos": 12,
    "iat": AT,
    "exp": AT + 600,
}


class World:
    """The keys and revocations of one test, which it may change, and the clock."""

    def __init__(self) -> None:
        self.clock = ManualClock(NOW)
        self.keys: dict[str, Ed25519PublicKey] = {
            "k1": KEY.public_key(),
            "service:billing": BILLING.public_key(),
        }
        self.revoked: set[str] = set()
        self.verifier = TokenVerifier(
            lambda kid: self.keys.get(kid), lambda sid: sid in self.revoked, self.clock
        )

    def verify(self, token: str | None) -> Caller:
        return self.verifier.verify(token)

    def refused(self, token: Any) -> str:
        with pytest.raises(Unauthenticated) as refused:
            self.verifier.verify(token)
        return refused.value.reason


def raw(payload: Any, *, key: Any = KEY, kid: Any = "k1", alg: str = "EdDSA", **header: Any) -> str:
    """A token signed without any check of what it says."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    jws = PyJWS()
    signed = jws.encode(body, key, algorithm=alg, headers={"kid": "k1", **header})
    if kid == "k1":
        return signed
    head = json.dumps({"alg": alg, "typ": "JWT"} | ({} if kid is None else {"kid": kid}))
    front = ".".join(
        base64.urlsafe_b64encode(b).rstrip(b"=").decode() for b in (head.encode(), body)
    )
    name = base64.urlsafe_b64encode(key.sign(front.encode())).rstrip(b"=").decode()
    return f"{front}.{name}"


def test_a_good_token_gives_its_caller() -> None:
    assert World().verify(sign(GOOD, KEY, "k1")) == Caller(
        person="li",
        posts=(Post("resident", "green"), Post("technician", "lake", ("l1", "l2"))),
        session="s-1",
        language="zh-CN",
        positions={"security": 12},
    )


def test_raw_makes_good_tokens_too() -> None:
    """Else the refusals below would prove nothing."""
    assert World().verify(raw(GOOD)).person == "li"
    assert World().verify(raw({**GOOD, "later": 1})).person == "li"
    service = {**GOOD, "sub": "service:billing", "sid": None}
    assert World().verify(raw(service, key=BILLING, kid="service:billing")).session is None


@pytest.mark.parametrize("token", [None, ""])
def test_no_token(token: str | None) -> None:
    assert World().refused(token) == "missing_token"


@pytest.mark.parametrize(
    "token",
    ["x", "..", "a.b.c", "漏.水.了", "\ud83d.a.b", "a" * 9000, 12, b"bytes", {"a": 1}, "\x00"],
)
def test_what_is_no_token_is_broken(token: Any) -> None:
    assert World().refused(token) == "broken_token"


def test_a_nested_header_is_broken() -> None:
    head = base64.urlsafe_b64encode(b"[" * 5000).rstrip(b"=").decode()
    assert World().refused(f"{head}.e30.e30") == "broken_token"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "else"},
        {"iss": 1},
        {"sub": ""},
        {"sub": 7},
        {"sub": None},
        {"sub": "x" * 201},
        {"sid": None},
        {"sid": 1},
        {"posts": "resident"},
        {"posts": [["resident", "green"]]},
        {"posts": [["resident", "green", "g1"]]},
        {"posts": [["resident", "", None]]},
        {"posts": [["resident", "green", None]] * 201},
        {"lang": ""},
        {"lang": None},
        {"pos": -1},
        {"pos": True},
        {"pos": 1.0},
        {"pos": "1"},
        {"iat": "now"},
        {"exp": float(AT + 600)},
        {"exp": str(AT + 600)},
        {"exp": None},
        {"exp": AT + 3601},
        {"exp": AT},
    ],
)
def test_a_claim_of_the_wrong_type_or_size_is_broken(changes: dict[str, Any]) -> None:
    assert World().refused(raw({**GOOD, **changes})) == "broken_token"
    with pytest.raises(ValueError):  # and nobody signs it
        sign({**GOOD, **changes}, KEY, "k1")


@pytest.mark.parametrize("claim", sorted(GOOD))
def test_every_claim_is_required(claim: str) -> None:
    assert World().refused(raw({k: v for k, v in GOOD.items() if k != claim})) == "broken_token"


@pytest.mark.parametrize("payload", [b"", b"[]", b"null", b"\xff", b'{"iss":NaN}', b"{" * 2000])
def test_a_payload_that_is_no_object_is_broken(payload: bytes) -> None:
    assert World().refused(raw(payload)) == "broken_token"


def test_only_eddsa_counts() -> None:
    world = World()
    secret = KEY.public_key().public_bytes_raw()
    assert world.refused(raw(GOOD, key=secret, alg="HS256")) == "broken_token"
    signed = sign(GOOD, KEY, "k1")
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"k1"}').rstrip(b"=").decode()
    assert world.refused(f"{none}.{signed.split('.')[1]}.") == "broken_token"
    assert world.refused(raw(GOOD, key=Ed448PrivateKey.generate())) == "broken_token"


def test_another_key_s_signature_is_broken() -> None:
    assert World().refused(sign(GOOD, Ed25519PrivateKey.generate(), "k1")) == "broken_token"


@pytest.mark.parametrize("kid", [None, "", 3, ["k1"]])
def test_a_token_that_names_no_key_is_broken(kid: Any) -> None:
    assert World().refused(raw(GOOD, kid=kid)) == "broken_token"


def test_critical_headers_nobody_knows_are_refused() -> None:
    head = json.dumps({"alg": "EdDSA", "kid": "k1", "crit": ["x"], "x": 1}).encode()
    front = ".".join(
        base64.urlsafe_b64encode(b).rstrip(b"=").decode() for b in (head, json.dumps(GOOD).encode())
    )
    name = base64.urlsafe_b64encode(KEY.sign(front.encode())).rstrip(b"=").decode()
    assert World().refused(f"{front}.{name}") == "broken_token"


def test_a_token_of_more_than_8192_characters_is_broken_however_good() -> None:
    assert World().verify(raw({**GOOD, "more": "x" * 5800})).person == "li"
    assert World().refused(raw({**GOOD, "more": "x" * 6000})) == "broken_token"


def test_an_unknown_key() -> None:
    assert World().refused(sign(GOOD, KEY, "k9")) == "unknown_key"


@given(st.data())
def test_no_character_of_a_token_can_be_altered(data: st.DataObject) -> None:
    token = sign(GOOD, KEY, "k1")
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda c: c != token[at]))
    reason = World().refused(token[:at] + other + token[at + 1 :])
    assert reason in {"broken_token", "unknown_key"}


def test_a_service_s_key_speaks_for_that_service_alone() -> None:
    world = World()
    for sub, sid in (("li", "s-1"), ("service:security", None), ("service:billing2", None)):
        claims = {**GOOD, "sub": sub, "sid": sid}
        assert world.refused(raw(claims, key=BILLING, kid="service:billing")) == "broken_token"
        with pytest.raises(ValueError, match="may not sign"):
            sign(claims, BILLING, "service:billing")


@pytest.mark.parametrize("sid", [None, "s-1"])
def test_the_people_s_key_speaks_for_no_service(sid: str | None) -> None:
    claims = {**GOOD, "sub": "service:billing", "sid": sid}
    assert World().refused(raw(claims)) == "broken_token"


@pytest.mark.parametrize("seen_before", [False, True])
def test_expiry_follows_the_injected_clock(seen_before: bool) -> None:
    world = World()
    token = sign(GOOD, KEY, "k1")
    world.clock.advance(timedelta(seconds=599.9))
    if seen_before:
        world.verify(token)
    world.clock.advance(timedelta(seconds=0.1))
    assert world.refused(token) == "expired_token"


@pytest.mark.parametrize("seen_before", [False, True])
def test_a_revoked_session_is_refused_at_once(seen_before: bool) -> None:
    world = World()
    token = sign(GOOD, KEY, "k1")
    if seen_before:
        world.verify(token)
    world.revoked.add("s-1")
    assert world.refused(token) == "revoked_token"
    assert world.verify(sign({**GOOD, "sid": "s-2"}, KEY, "k1")).session == "s-2"


def test_a_retired_key_takes_its_tokens_with_it() -> None:
    world = World()
    token = sign(GOOD, KEY, "k1")
    world.verify(token)
    del world.keys["k1"]
    assert world.refused(token) == "unknown_key"
    world.keys["k1"] = Ed25519PrivateKey.generate().public_key()
    assert world.refused(token) == "broken_token"


def test_the_signature_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    checked: list[str] = []
    real: Callable[..., Any] = world.verifier._checked

    def counting(token: str) -> Any:
        checked.append(token)
        return real(token)

    monkeypatch.setattr(world.verifier, "_checked", counting)
    token = sign(GOOD, KEY, "k1")
    callers = {id(world.verify(token)) for _ in range(5)}
    assert (len(checked), len(callers)) == (1, 1)


def test_the_memory_of_tokens_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_MOST_CACHED", 3)
    world = World()
    for number in range(10):
        world.verify(sign({**GOOD, "sid": f"s-{number}"}, KEY, "k1"))
    assert len(world.verifier._cache) == 3


def test_refused_tokens_are_not_remembered() -> None:
    world = World()
    world.revoked.add("s-1")
    world.refused(sign(GOOD, KEY, "k1"))
    world.refused(sign(GOOD, Ed25519PrivateKey.generate(), "k1"))
    assert len(world.verifier._cache) == 0
