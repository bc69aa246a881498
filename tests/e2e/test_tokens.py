"""Who calls is known by the token alone: what is expired, forged, revoked or retired is no token.

Every service checks for itself, so each is asked.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.errors import Unauthenticated
from shared.identity.keys import load_private
from shared.identity.tokens import sign
from tests.support.estate import Answer, Estate, soon

A_CALL_EACH = {
    "security": ("communities", {}),
    "workorders": ("list", {"limit": 1}),
    "billing": ("list", {"limit": 1}),
    "notifications": ("inbox", {"limit": 1}),
    "analytics": ("satisfaction", {}),
}
ALL_TAKEN = dict.fromkeys(A_CALL_EACH, "taken")


def reasons(estate: Estate, token: str | None) -> dict[str, str]:
    """What each service says of a token: taken, or why not."""

    def ask(service: str) -> str:
        method, request = A_CALL_EACH[service]
        try:
            estate.transport.call(service, method, request, token)
        except Unauthenticated as error:
            return error.reason
        return "taken"

    with ThreadPoolExecutor(len(A_CALL_EACH)) as pool:
        return dict(zip(A_CALL_EACH, pool.map(ask, A_CALL_EACH), strict=True))


def claims(estate: Estate, *, age: int = 0) -> dict[str, object]:
    """Of the operator, for the key that may sign for it."""
    issued = int(datetime.now(UTC).timestamp()) - age
    return {
        "sub": estate.operator.id,
        "sid": None,
        "posts": [("admin", "*", None)],
        "lang": "en",
        "pos": 0,
        "iat": issued,
        "exp": issued + 600,
    }


def by_operator(estate: Estate, **changes: object) -> str:
    key = load_private(estate.keys_dir, "operator")
    return sign({**claims(estate), **changes}, key, estate.operator.id)


def unsigned(estate: Estate) -> str:
    """As JWT libraries once took it: no algorithm, no signature."""
    parts = ({"alg": "none", "kid": estate.operator.id}, {"iss": "wuye", **claims(estate)})
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts)
    return b".".join((*encoded, b"")).decode()


FAULTS: dict[str, tuple[Callable[[Estate], str | None], str]] = {
    "none": (lambda estate: None, "missing_token"),
    "empty": (lambda estate: "", "missing_token"),
    "no token at all": (lambda estate: "nonsense", "broken_token"),
    "cut off": (lambda estate: estate.person("manager").token[:-20], "broken_token"),
    "altered": (
        lambda estate: estate.person("manager").token.rpartition(".")[0] + "." + "A" * 86,
        "broken_token",
    ),
    "unsigned": (unsigned, "broken_token"),
    "signed by another key": (
        lambda estate: sign(claims(estate), Ed25519PrivateKey.generate(), estate.operator.id),
        "broken_token",
    ),
    "expired": (
        lambda estate: sign(
            claims(estate, age=601), load_private(estate.keys_dir, "operator"), estate.operator.id
        ),
        "expired_token",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_with_a_fault_is_taken_nowhere(estate: Estate, fault: str) -> None:
    assert reasons(estate, by_operator(estate))["workorders"] == "taken"
    make, reason = FAULTS[fault]
    assert reasons(estate, make(estate)) == dict.fromkeys(A_CALL_EACH, reason)


def is_taken(estate: Estate, found: Answer) -> bool:
    return reasons(estate, found["access_token"]) == ALL_TAKEN


def ended(estate: Estate, token: str) -> bool:
    return reasons(estate, token) == dict.fromkeys(A_CALL_EACH, "revoked_token")


def test_a_log_out_ends_the_session_everywhere_and_no_other(estate: Estate) -> None:
    one, other = estate.log_in("manager"), estate.log_in("manager")
    soon("it is taken", partial(is_taken, estate, one))
    estate.transport.call("security", "logout", {}, one["access_token"])
    soon("it is taken nowhere", lambda: ended(estate, one["access_token"]))
    soon("it is taken", partial(is_taken, estate, other))
    spent = {"refresh_token": one["refresh_token"]}
    with pytest.raises(Unauthenticated):
        estate.transport.call("security", "refresh", spent, None)


def test_an_admin_ends_a_session_everywhere(estate: Estate) -> None:
    found = estate.log_in("manager")
    soon("it is taken", partial(is_taken, estate, found))
    estate.operator.call("security", "revoke_session", session=found["session"])
    soon("it is taken nowhere", lambda: ended(estate, found["access_token"]))


def test_a_refreshed_token_is_taken_everywhere(estate: Estate) -> None:
    first = estate.log_in("manager")
    refresh = {"refresh_token": first["refresh_token"]}
    second = estate.transport.call("security", "refresh", refresh, None)
    assert second["session"] == first["session"]
    for found in (first, second):
        soon("it is taken", partial(is_taken, estate, found))


def kid(found: Answer) -> str:
    head = found["access_token"].partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(head + "=="))["kid"])


def test_a_key_that_is_rotated_ends_no_token_until_the_next_rotation(estate: Estate) -> None:
    """Two keys are valid at once; the new one signs only when all have heard of it."""
    first = estate.log_in("manager")
    following = estate.operator.call("security", "rotate_key")
    estate.settle()
    soon("it is taken", partial(is_taken, estate, first))
    second = estate.log_in("manager")
    assert kid(second) in (kid(first), following["kid"])

    last = estate.operator.call("security", "rotate_key")
    estate.forget_tokens()
    assert last["kid"] != following["kid"]
    third = estate.log_in("manager")
    assert kid(third) == following["kid"] != kid(first)
    soon("it is taken", partial(is_taken, estate, third))
    retired = dict.fromkeys(A_CALL_EACH, "unknown_key")
    soon("the first is retired", lambda: reasons(estate, first["access_token"]) == retired)
    told = [event for event in estate.facts("security") if event["type"].startswith("SigningKey")]
    valid = {event["data"]["kid"] for event in told if event["type"] == "SigningKeyPublished"}
    valid -= {event["data"]["kid"] for event in told if event["type"] == "SigningKeyRetired"}
    assert valid == {following["kid"], last["kid"]}
