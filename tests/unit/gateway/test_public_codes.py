from __future__ import annotations

import pytest

from services.gateway.frame.limits import Limit
from services.gateway.public.codes import Codes, Receipt
from shared.errors import Busy

UUID = "5b0f3a1e-6c58-5d3f-9e02-7a4f4ed0b8c7"
CODES = Codes(b"s" * 32)


@pytest.mark.parametrize(
    "place", [f"unit:lakeside.{UUID}", f"building:lake-side.{UUID}", "common:lakeside"]
)
def test_a_sign_names_the_place_it_was_printed_for(place: str) -> None:
    community, _, code = CODES.of_place(place).partition("/")
    assert CODES.place(community, code) == place


def test_a_code_that_was_not_printed_here_names_nothing() -> None:
    community, _, code = CODES.of_place(f"unit:lakeside.{UUID}").partition("/")
    changed = ("A" if code[5] != "A" else "B").join((code[:5], code[6:]))
    for wrong in (changed, code[:-1], code + "A", "", "漏水", "!!!", "A" * 400):
        assert CODES.place(community, wrong) is None
    assert CODES.place("hillside", code) is None
    assert Codes(b"t" * 32).place(community, code) is None


@pytest.mark.parametrize("letter", ["R", "C", "S", "Q", "P"])
def test_a_receipt_is_read_however_it_was_typed(letter: str) -> None:
    code = CODES.receipt("lake-side", f"{letter}-2026-000123")
    same = Receipt("lake-side", f"{letter}-2026-000123")
    for typed in (code, code.lower(), f"  {code} ", code.replace("-", " ").upper()):
        typed = typed.replace("LAKE SIDE", "lake-side")
        assert CODES.read_receipt(typed) == same, typed


def test_the_receipt_of_one_order_shows_no_other() -> None:
    mac = CODES.receipt("lakeside", "R-2026-000123").rpartition("-")[2]
    assert CODES.read_receipt(f"lakeside-R-2026-000124-{mac}") is None
    assert CODES.read_receipt(f"hillside-R-2026-000123-{mac}") is None
    assert CODES.read_receipt("") is None


def test_an_address_that_came_too_often_is_told_how_long_to_wait() -> None:
    limit = Limit(2, minutes=10, reason="too_many_from_here")
    for _ in range(2):
        limit.check("here")
        limit.count("here")
    with pytest.raises(Busy) as told:
        limit.check("here")
    assert told.value.reason == "too_many_from_here"
    assert 590 < (told.value.retry_after or 0) <= 600
    limit.check("there")
