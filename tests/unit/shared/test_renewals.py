"""What is known is read again half-way, by one caller."""

from __future__ import annotations

import threading

import pytest

from shared.renewals import Renewals


def test_what_is_young_is_not_read_again() -> None:
    assert Renewals(1.0).renewed("a", 0.49, "old", lambda: "new") == "old"


def test_half_way_it_is_read_again() -> None:
    renewals = Renewals(1.0)
    assert [renewals.renewed("a", 0.5, "old", lambda: "new") for _ in range(2)] == ["new"] * 2


def test_while_one_reads_it_again_others_go_on_with_what_is_known() -> None:
    renewals, reading, answered = Renewals(1.0), threading.Event(), threading.Event()
    found: list[str] = []

    def read() -> str:
        reading.set()
        assert answered.wait(10)
        return "new"

    one = threading.Thread(target=lambda: found.append(renewals.renewed("a", 0.9, "old", read)))
    one.start()
    assert reading.wait(10)
    assert renewals.renewed("a", 0.9, "old", lambda: "new") == "old"
    assert renewals.renewed("b", 0.9, "old", lambda: "new") == "new", "another key"
    answered.set()
    one.join(10)
    assert found == ["new"]


@pytest.mark.parametrize(("takes", "fails"), [(0.0, False), (0.09, False), (0.1, True)])
def test_where_it_cannot_be_read_again_it_holds_until_it_is_too_old(
    takes: float, fails: bool
) -> None:
    now = [100.0]
    renewals = Renewals(1.0, monotonic=lambda: now[0])

    def fail() -> str:
        now[0] += takes
        raise OSError("away")

    if fails:
        with pytest.raises(OSError):
            renewals.renewed("a", 0.95, "old", fail)
    else:
        assert renewals.renewed("a", 0.9, "old", fail) == "old"
    assert renewals.renewed("a", 0.9, "old", lambda: "new") == "new"
