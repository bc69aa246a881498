"""The envelope: the names on the wire, what comes back, and what is refused, by field."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.messaging.envelope import Fact, decode, encode, to_json_dict

NOON = datetime(2026, 3, 1, 12, 0, 0, 250000, tzinfo=UTC)

RATED = Fact(
    id="0b8f3f0e-6d9c-5d38-9d50-0f5b1f3f5a10",
    log="workorders",
    position=42,
    type="WorkOrderRated",
    schema=2,
    subject="garden.6f6a7a0e-7d4e-4c57-9f43-0d6a4f6c1b11",
    version=5,
    community="garden",
    time=NOON,
    occurred_at=NOON - timedelta(minutes=3),
    actor="li",
    command_id="c-5",
    correlation_id="c-1",
    causation_id="c-4",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    data={"stars": 5, "comment": None, "speed": 4, "photos": ["a", "b"]},
)


def test_names_on_the_wire() -> None:
    assert json.loads(encode(RATED)) == {
        "specversion": "1.0",
        "id": RATED.id,
        "source": "/wuye/workorders",
        "type": "WorkOrderRated",
        "subject": RATED.subject,
        "time": "2026-03-01T12:00:00.250000Z",
        "datacontenttype": "application/json",
        "dataschema": "/contracts/workorders/WorkOrderRated.v2.json",
        "log": "workorders",
        "position": 42,
        "community": "garden",
        "streamversion": 5,
        "occurredat": "2026-03-01T11:57:00.250000Z",
        "commandid": "c-5",
        "correlationid": "c-1",
        "causationid": "c-4",
        "actor": "li",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "data": {"stars": 5, "comment": None, "speed": 4, "photos": ["a", "b"]},
    }


def test_what_is_null_is_left_out_except_in_data() -> None:
    told = to_json_dict(msgspec.structs.replace(RATED, causation_id=None, traceparent=None))
    assert "causationid" not in told
    assert "traceparent" not in told
    assert told["data"]["comment"] is None


def test_extension_names_are_lower_case_and_plain() -> None:
    assert all(name.isascii() and name.isalnum() and name.islower() for name in to_json_dict(RATED))


def test_comes_back_from_bytes_text_and_values() -> None:
    assert decode(encode(RATED)) == RATED
    assert decode(encode(RATED).decode()) == RATED
    assert decode(to_json_dict(RATED)) == RATED
    assert json.loads(encode(RATED)) == to_json_dict(RATED)


@given(st.text(), st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53) | st.none()))
def test_text_comes_back_byte_for_byte(actor: str, data: dict[str, Any]) -> None:
    fact = msgspec.structs.replace(RATED, actor=f"人{actor}", data=data)
    assert decode(encode(fact)) == fact


def test_times_of_another_zone_are_read_as_utc() -> None:
    beijing = timezone(timedelta(hours=8))
    told = to_json_dict(RATED) | {"time": NOON.astimezone(beijing).isoformat()}
    found = decode(json.dumps(told)).time
    assert (found, found.tzinfo) == (NOON, UTC)


def test_attributes_of_others_are_ignored() -> None:
    assert decode(to_json_dict(RATED) | {"partitionkey": "x", "sampledrate": 3}) == RATED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("id", ""),
        ("id", 7),
        ("source", "/wuye/billing"),
        ("source", "workorders"),
        ("type", None),
        ("subject", ""),
        ("time", "2026-03-01T12:00:00"),
        ("time", "yesterday"),
        ("datacontenttype", "application/cloudevents+json"),
        ("dataschema", "/contracts/workorders/WorkOrderRated.v0.json"),
        ("dataschema", "/contracts/billing/WorkOrderRated.v2.json"),
        ("dataschema", "/contracts/workorders/BillPaid.v2.json"),
        ("dataschema", "https://elsewhere/WorkOrderRated.v2.json"),
        ("log", ["workorders"]),
        ("position", "42"),
        ("position", -1),
        ("position", 4.2),
        ("community", ""),
        ("streamversion", 0),
        ("occurredat", 1772366400),
        ("commandid", ""),
        ("correlationid", None),
        ("causationid", 3),
        ("actor", ""),
        ("traceparent", ""),
        ("data", []),
        ("data", "{}"),
    ],
)
def test_a_wrong_attribute_is_named(name: str, value: Any) -> None:
    for broken in (
        to_json_dict(RATED) | {name: value},
        json.dumps(to_json_dict(RATED) | {name: value}),
    ):
        with pytest.raises(Invalid) as caught:
            decode(broken)
        assert list(caught.value.fields) == [name]


@pytest.mark.parametrize("name", sorted(set(to_json_dict(RATED)) - {"causationid", "traceparent"}))
def test_a_missing_attribute_is_named(name: str) -> None:
    told = to_json_dict(RATED)
    del told[name]
    with pytest.raises(Invalid) as caught:
        decode(told)
    assert list(caught.value.fields) == [name]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut"),
        pytest.param(b"\xff\xfe", id="not-utf-8"),
        pytest.param(b"[]", id="array"),
        pytest.param(b"null", id="null"),
        pytest.param(b"3", id="number"),
        pytest.param(b'"x"', id="text"),
        pytest.param(b"[" * 100_000, id="deep-array"),
        pytest.param(b'{"data":' * 9999, id="deep-object"),
    ],
)
def test_a_body_that_is_no_envelope_is_refused(body: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        decode(body)
    assert list(caught.value.fields) == ["envelope"]


def test_pure_code_may_import_it() -> None:
    heavy = "kombu pika amqp nameko eventlet eventsourcing"
    asked = (
        "import sys, shared.messaging.envelope; "
        f"print([name for name in '{heavy}'.split() if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
