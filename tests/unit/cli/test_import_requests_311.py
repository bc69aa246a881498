"""What a row of a 311 export becomes, and every trap in it."""

from __future__ import annotations

from typing import Any

import pytest

from cli.imports.lines import Fault, Record
from cli.imports.requests_311 import Order, Rows, has_place

ROW = {
    "unique_key": "6078653",
    "created_date": "2016-07-13 15:11:07-07:00",
    "closed_date": "2016-07-14 12:13:22+00:00",
    "status": "Closed",
    "status_notes": "Field Work has been completed.",
    "category": "Sewer Issues",
    "complaint_type": "Odor",
    "descriptor": "Odor From_catch_basin",
    "incident_address": "Not associated with a specific address",
    "neighborhood": "",
    "latitude": "0.0",
    "longitude": "0.0",
    "agency_name": "PUC Sewer Ops",
}


def read(rows: Rows | None = None, line: int = 2, **changes: Any) -> Order | list[Fault] | None:
    return (rows or Rows("lakeside", "sf311")).order(Record(line, {**ROW, **changes}))


def order(rows: Rows | None = None, **changes: Any) -> Order:
    found = read(rows, **changes)
    assert isinstance(found, Order), found
    return found


def refused(**changes: Any) -> list[tuple[str, str]]:
    found = read(**changes)
    assert isinstance(found, list), found
    return [(one.field, one.reason) for one in found]


def test_the_request_keeps_what_the_row_says() -> None:
    request = order().request
    assert request.pop("command_id")
    assert request == {
        "community": "lakeside",
        "kind": "complaint",
        "category": "Sewer Issues",
        "source": "sf311",
        "source_id": "6078653",
        "submitted_at": "2016-07-13 15:11:07-07:00",
        "closed_at": "2016-07-14 12:13:22+00:00",
        "status": "Closed",
        "closed": True,
        "description": "Odor: Odor From_catch_basin\nField Work has been completed.",
    }


def test_a_rating_is_never_made_up() -> None:
    assert not {"stars", "rating", "accepter"} & set(order().request)


def test_repairs_of_the_housing_authority_are_repairs() -> None:
    assert order(category="SFHA Requests").request["kind"] == "repair"


def test_a_known_place_is_told_and_an_unknown_one_is_not() -> None:
    known = order(
        incident_address="1 Main St", neighborhood="Mission", latitude="37.77", longitude="-122.41"
    )
    assert "1 Main St, Mission, 37.77 -122.41" in known.request["description"]
    assert "place_unknown" not in known.flags
    unknown = order()
    assert "0.0" not in unknown.request["description"]
    assert {"place_unknown", "neighborhood_empty"} <= set(unknown.flags)


@pytest.mark.parametrize("value", ["0.0", "0", "", "x", "nan?"])
def test_no_place(value: str) -> None:
    assert not has_place({"latitude": value, "longitude": "0.0"})


def test_a_late_closing_date_is_kept_and_flagged() -> None:
    late = order(closed_date="2019-07-14 12:00:00+00:00")
    assert late.request["closed_at"] == "2019-07-14 12:00:00+00:00"
    assert "closed_late" in late.flags
    assert late.closed_on == "2019-07-14"


def test_closed_with_no_date_and_open_with_one() -> None:
    assert order(closed_date="").request["closed_at"] is None
    assert "closed_without_date" in order(closed_date="").flags
    odd = order(status="Open")
    assert (odd.request["closed"], "open_with_closing_date" in odd.flags) == (False, True)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"created_date": ""}, "created_date", "is empty"),
        ({"created_date": "2016-07-13 15:11:07"}, "created_date", "lacks its offset"),
        ({"created_date": "13/07/2016"}, "created_date", "is no time"),
        ({"closed_date": "soon"}, "closed_date", "is no time"),
        ({"closed_date": "2016-07-13 22:00:00+00:00"}, "closed_date", "is before created_date"),
        ({"status": "Pending"}, "status", "neither Open nor Closed"),
        ({"status": ""}, "status", "is empty"),
        ({"unique_key": " "}, "unique_key", "is empty"),
        ({"category": "x" * 101}, "category", "101 characters"),
        ({"status_notes": "x" * 4000}, "status_notes", "4000 at most"),
    ],
)
def test_a_refused_row_says_which_field_and_why(
    changes: dict[str, str], field: str, said: str
) -> None:
    found = refused(**changes)
    assert [name for name, _ in found] == [field]
    assert said in found[0][1]


def test_every_fault_of_a_row_is_named() -> None:
    assert [name for name, _ in refused(unique_key="", created_date="x", status="?")] == [
        "created_date",
        "unique_key",
        "status",
    ]


@pytest.mark.parametrize(
    "notes",
    ["test only", "TEST ONLY", "Test Case", "testcase", "this was a test", "This is just a test",
     "Test.\n \n 07/26/sbs", "Service request was created as a test."],
)  # fmt: skip
def test_tests_are_refused_unless_wanted(notes: str) -> None:
    assert refused(status_notes=notes)[0][0] == "status_notes"
    assert order(Rows("lakeside", "s", include_tests=True), status_notes=notes)


@pytest.mark.parametrize(
    "notes", ["Water Flow Test", "tested functionality", "took a test sample", "attest", "contest"]
)
def test_work_that_mentions_a_test_is_none(notes: str) -> None:
    assert order(status_notes=notes)


def test_the_same_row_again_is_no_order_and_no_fault() -> None:
    rows = Rows("lakeside", "s")
    assert order(rows)
    assert read(rows, line=3) is None


def test_another_row_under_the_same_key_is_refused() -> None:
    rows = Rows("lakeside", "s")
    assert order(rows)
    found = read(rows, line=3, status_notes="something else")
    assert isinstance(found, list)
    assert (found[0].field, found[0].line) == ("unique_key", 3)
    assert "line 2" in found[0].reason


def test_the_command_id_comes_from_source_and_key() -> None:
    def command(source: str, **changes: Any) -> str:
        return str(order(Rows("lakeside", source), **changes).request["command_id"])

    assert command("a") == command("a", status_notes="other words")
    assert len({command("a"), command("b"), command("a", unique_key="2")}) == 3
