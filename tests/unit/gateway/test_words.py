"""The pages have words for everything the services may say."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.gateway.audit import words as audit_words
from services.gateway.audit.telling import Teller
from services.gateway.frame import messages, words
from services.gateway.orders.reader import Reader
from services.gateway.orders.timeline import steps
from services.security.permissions import ROLES
from services.workorders.orders.domain import categories, refusals, vocabulary
from services.workorders.orders.domain.events import EVENTS
from services.workorders.orders.domain.quotes.refusals import NobodyToAnswer
from services.workorders.orders.domain.visits.refusals import StillPutOff
from services.workorders.sla.domain.targets import TARGETS
from shared.errors import Busy, WuyeError

# texts; an example's words are made of an id
WORDS_OF_PEOPLE = {"category", "order_number", "materials", "lines"}
CONTRACTS = Path(__file__).parents[3] / "contracts" / "workorders"
ORDER: dict[str, Any] = {
    "kind": "repair",
    "technician": None,
    "repairers": [],
    "reporter": None,
    "accepter": None,
    "accepter_kind": "staff",
    "description": "漏水",
}
ALL_EVENTS = sorted(
    (path.parent.name, path.name.partition(".")[0]) for path in CONTRACTS.parent.glob("*/*.json")
)
REFUSALS = [
    one
    for _, one in inspect.getmembers(refusals, inspect.isclass)
    if one.__module__ == refusals.__name__ and one is not refusals.OrderRefused
]
REFUSALS += [one for one in refusals.OrderRefused.__subclasses__() if one not in REFUSALS]


@pytest.mark.parametrize(
    ("known", "said"),
    [
        pytest.param(vocabulary.KINDS, words.KINDS, id="kinds"),
        pytest.param(vocabulary.STATES, words.STATES, id="states"),
        pytest.param(vocabulary.CHANNELS, words.CHANNELS, id="channels"),
        pytest.param(vocabulary.PAUSE_REASONS, words.PAUSE_REASONS, id="pause reasons"),
        pytest.param(vocabulary.DECLINE_REASONS, words.DECLINE_REASONS, id="decline reasons"),
        pytest.param(vocabulary.PRIORITIES, words.PRIORITIES, id="priorities"),
        pytest.param(TARGETS, words.TARGETS, id="targets"),
        pytest.param(ROLES, words.ROLES, id="roles"),
    ],
)
def test_every_code_has_words(known: tuple[str, ...], said: dict[str, Any]) -> None:
    assert set(known) <= set(said)


def test_every_category_has_words() -> None:
    known = {kind: set(codes) for kind, codes in categories.CATEGORIES.items()}
    assert {kind: set(codes) for kind, codes in words.CATEGORIES.items()} == known


def test_every_state_is_under_one_tab_beside_all() -> None:
    under = [state for name, (states, _) in words.TABS.items() if name != "all" for state in states]
    assert sorted(under) == sorted(vocabulary.STATES)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: one.__name__)
def test_every_refusal_of_an_order_has_words_of_its_own(
    language: str, refusal: type[WuyeError]
) -> None:
    error = refusal("for machines")
    general = WuyeError("for machines")
    general.code = error.code  # type: ignore[misc]
    assert messages.told(error) != messages.told(general)


def test_what_is_said_at_a_field_has_words_of_its_own(language: str) -> None:
    agreed = (
        "A visit is agreed for 2026-03-03 16:00, before that date: move it or call it off first."
    )
    for text in (NobodyToAnswer.text, StillPutOff.text, agreed):
        assert messages.fault(text) != messages.fault("for machines"), text


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_of_an_order_has_a_title_of_its_own(language: str, event: str) -> None:
    assert _title(event) not in ("", _title("SomethingQuiteNew"))


def test_who_guesses_a_password_is_told_how_long_to_wait(language: str) -> None:
    error = Busy("for machines", retry_after=61, reason="too_many_tries")
    assert {"en": "2 min", "zh-CN": "2分钟"}[language] in messages.told(error)


def _title(event: str) -> str:
    path = CONTRACTS / f"{event}.v1.json"
    data = json.loads(path.read_text())["examples"][0]["data"] if path.exists() else {}
    told = {
        "id": "1",
        "type": event,
        "version": 1,
        "time": "2026-03-01T01:30:00+00:00",
        "occurred_at": "2026-03-01T01:30:00+00:00",
        "actor": "service:workorders",
        "causation_id": None,
        "data": {"description": None, "reason": None, "note": None, "notes": None} | data,
    }
    return steps(Reader(ORDER, {}, "nobody", staff=True), [told])[0].title


@pytest.mark.parametrize(("log", "name"), ALL_EVENTS, ids=lambda value: str(value))
def test_every_event_of_every_service_has_a_name_for_auditors(log: str, name: str) -> None:
    assert name in audit_words.EVENTS[log]


@pytest.mark.parametrize(("log", "name"), ALL_EVENTS, ids=lambda value: str(value))
def test_an_auditor_reads_no_code_and_no_id(log: str, name: str, language: str) -> None:
    file = CONTRACTS.parent / log / f"{name}.v1.json"
    schema = json.loads(file.read_text())
    (example,) = schema["examples"][:1]
    fields = schema["properties"]["data"]["properties"]
    teller = Teller({}, ZoneInfo("Asia/Shanghai"))
    for field, shape in fields.items():
        if field not in audit_words.FIELDS:
            continue
        codes = [one for each in shape.get("anyOf", [shape]) for one in each.get("enum", ())]
        for code in codes or [example["data"][field]]:
            data = {**example["data"], field: code}
            told = {each.label: each.value for each in teller.parts(data)}
            value = told.get(str(audit_words.FIELDS[field]), "")
            assert value != code or not codes, (field, code)
            assert "lakeside." not in value or field in WORDS_OF_PEOPLE, (field, value)


def test_what_a_visit_became_is_told_to_auditors(language: str) -> None:
    window = {"starts": "2026-03-02T01:00:00+00:00", "ends": "2026-03-02T03:00:00+00:00"}
    agreed = {"state": "agreed", "window": window, "windows": [], "reminded": False}
    teller = Teller({}, ZoneInfo("Asia/Shanghai"))

    (reminded,) = teller.state({"visit": {**agreed, "reminded": True}}, {"visit": agreed})
    assert "09:00" in reminded.value and reminded.before is None, "nothing changed for its reader"
    (cancelled,) = teller.state({"visit": {**agreed, "state": "cancelled"}}, {"visit": agreed})
    assert (cancelled.value, cancelled.before) == ("–", reminded.value)
