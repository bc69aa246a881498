"""A person who is forgotten: every service destroys its key, and what they wrote is gone for good.

What happened stays, word for word as it was stored.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.errors import NotFound, Unauthenticated
from tests.support.estate import SERVICES, Answer, Estate, Person, Place, soon
from tests.support.lifecycle import Walk

LOGIN = "grove-leaving"
Stored = dict[tuple[str, int], bytes]


@dataclass
class Case:
    """Somebody who reports, rejects, rates, reopens, appeals and keeps books, in words of theirs;
    and what could be seen of it before they were forgotten.
    """

    estate: Estate
    place: Place
    person: Person
    walk: Walk
    bill: str
    words: dict[str, list[str]]
    history: list[Answer] = field(default_factory=list)
    states: list[Answer] = field(default_factory=list)
    stored: dict[str, Stored] = field(default_factory=dict)
    facts: dict[str, list[Answer]] = field(default_factory=dict)
    token: str = ""

    def look(self) -> None:
        self.history = self.seen_history()
        self.states = self.seen_states()
        self.stored = {service: stored(self.estate, service) for service in SERVICES}
        self.facts = {service: self.estate.facts(service) for service in SERVICES}
        self.token = self.person.token

    def seen_history(self) -> list[Answer]:
        found: list[Answer] = self.place.person("manager").order("history", id=self.walk.id)[
            "events"
        ]
        return found

    def seen_states(self) -> list[Answer]:
        manager = self.place.person("manager")
        return [
            manager.order("get", id=self.walk.id, version=event["version"])
            for event in self.history
        ]


def stored(estate: Estate, service: str) -> Stored:
    """The bytes of every event, as they stand in the database."""
    rows = estate.transport.query(
        service, "SELECT originator_id, originator_version, state FROM stored_events"
    )
    return {(stream, version): bytes(state) for stream, version, state in rows}


def everything_in(estate: Estate, service: str) -> str:
    """Every cell of every table, as text."""
    names = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        if estate.kind == "stack"
        else "SELECT name FROM sqlite_master WHERE type = 'table'"
    )
    cells = [
        bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else cell
        for (table,) in estate.transport.query(service, names)
        for row in estate.transport.query(service, f'SELECT * FROM "{table}"')
        for cell in row
    ]
    return json.dumps(cells, ensure_ascii=False, default=str)


def missing(words: list[str], where: Any) -> list[str]:
    text = json.dumps(where, ensure_ascii=False)
    return [word for word in words if word not in text]


@pytest.fixture(scope="module")
def case(estate: Estate) -> Case:
    """Before: all is there to be read. The last thing done is to forget them."""
    place = estate.found("grove")
    leaving = estate.settle_in(place, "resident", "accountant", login=LOGIN, language="en")
    estate.settle()
    dispatcher, technician = place.person("dispatcher"), place.person("technician")
    orders = ["我家漏水 leakword", "rejectword", "commentword", "reopenword", "appealword"]
    orders += ["questionword", "saidword"]
    walk = Walk(estate, resident=LOGIN, technician=technician.login)
    walk.submit(community=place.community, unit=place.unit, description=orders[0])
    dispatcher.order("dispatch", id=walk.id, technician=technician.id)
    walk.charge(100)
    walk.do(LOGIN, "reject", reason=orders[1])
    walk.repair()
    walk.accept()
    walk.rate(3, comment=orders[2])
    walk.do(LOGIN, "reopen", reason=orders[3])
    dispatcher.order("decline", id=walk.id, reason="cannot", note="no")
    walk.do(LOGIN, "appeal", text=orders[4])
    about = {"community": place.community, "unit": place.unit, "text": orders[5]}
    leaving.order("submit_inquiry", kind="question", **about)
    estate.person(LOGIN).order("comment", id=walk.id, text=orders[6])
    estate.settle()
    [bill] = leaving.call("billing", "list")["bills"]
    leaving.call("billing", "void", id=bill["id"], reason="voidword")
    estate.settle()
    words = {
        "security": [LOGIN, f"resident 张三 {LOGIN}"],
        "workorders": orders,
        "billing": ["voidword"],
    }
    case = Case(estate, place, leaving, walk, bill["id"], words)
    case.look()
    for service, mine in words.items():
        assert missing(mine, case.facts[service]) == [], "it was all there to be read"
        assert len(keys_of(case, service)) == 1
    assert all(texts_of(case))
    estate.operator.call("security", "forget_person", person=leaving.id)
    soon("every key is destroyed", lambda: not any(keys_of(case, name) for name in SERVICES))
    # a process that had a key in its memory forgets it within seconds
    soon("every process has noticed", lambda: not any(texts_of(case)))
    estate.settle()
    return case


def texts_of(case: Case) -> list[str | None]:
    """One text of theirs a service."""
    return [
        case.place.person("manager").order("get", id=case.walk.id)["description"],
        case.estate.operator.call("billing", "get", id=case.bill)["void_reason"],
        case.estate.operator.call("security", "person", person=case.person.id)["name"],
    ]


def keys_of(case: Case, service: str) -> list[Any]:
    rows = case.estate.transport.query(
        service, f"SELECT wrapped FROM person_keys WHERE person = '{case.person.id}'"
    )
    return [wrapped for (wrapped,) in rows if wrapped is not None]


def test_their_words_are_gone_from_every_log(case: Case) -> None:
    for service in SERVICES:
        facts = case.estate.facts(service)
        for mine in case.words.values():
            assert missing(mine, facts) == mine, service


def test_their_words_stand_in_no_database(case: Case) -> None:
    """Nor did they ever: they were sealed, in events and in views."""
    for service in SERVICES:
        found = everything_in(case.estate, service)
        assert f"{case.place.community}." in found
        for mine in case.words.values():
            assert [word for word in mine if word in found] == [], service


def test_their_words_are_gone_from_every_view(case: Case) -> None:
    manager = case.place.person("manager")
    seen = manager.order("get", id=case.walk.id)
    assert (seen["description"], seen["reporter"]) == (None, case.person.id)
    bill = case.estate.operator.call("billing", "get", id=case.bill)
    assert (bill["void_reason"], bill["voided_by"]) == (None, case.person.id)
    person = manager.call("security", "person", person=case.person.id)
    assert (person["name"], person["phone"], person["forgotten"]) == (None, None, True)
    assert person["homes"] == person["posts"] == []
    assert {account["login"] for account in person["accounts"]} == {None}
    community = case.place.community
    for search in ("leaving", "张三"):
        found = manager.call("security", "people", community=community, search=search)["people"]
        assert case.person.id not in {one["person"] for one in found}


def test_what_others_wrote_stays(case: Case) -> None:
    technician = case.place.person("technician")
    notes = [
        event["data"]["notes"]
        for event in case.seen_history()
        if event["type"] == "WorkOrderRepaired"
    ]
    assert notes == ["换了垫圈", "换了垫圈"]
    manager = case.place.person("manager")
    seen = manager.call("security", "person", person=technician.id)
    assert seen["name"] is not None


def test_their_history_stays_as_it_was(case: Case) -> None:
    """Not a byte of the logs has changed; who did what when, and each state, are told as before."""
    for service in SERVICES:
        now = stored(case.estate, service)
        assert {place: now[place] for place in case.stored[service]} == case.stored[service]
    told = case.seen_history()
    assert len(told) == len(case.history)
    lost = []
    for before, after in zip(case.history, told, strict=True):
        for name, value in before["data"].items():
            if after["data"][name] != value:
                assert after["data"][name] is None
                lost.append((after["type"].removeprefix("WorkOrder"), name))
        assert {**after, "data": None} == {**before, "data": None}
    assert lost == [
        ("Submitted", "description"),
        ("Rejected", "reason"),
        ("Rated", "comment"),
        ("Reopened", "reason"),
        ("Appealed", "text"),
    ]
    states = [{**state, "description": None} for state in case.states]
    assert [{**state, "description": None} for state in case.seen_states()] == states


def test_whoever_is_forgotten_is_locked_out(case: Case) -> None:
    estate = case.estate
    with pytest.raises(Unauthenticated):
        estate.log_in(LOGIN)

    def locked() -> bool:
        try:
            estate.transport.call("workorders", "get", {"id": case.walk.id}, case.token)
        except Unauthenticated as error:
            return error.reason == "revoked_token"
        return False

    soon("their session is over", locked)


def test_orders_for_somebody_forgotten_go_on(case: Case) -> None:
    """Its dispatcher and technician finish it; no new one is made for them."""
    dispatcher, technician = case.place.person("dispatcher"), case.place.person("technician")
    dispatcher.order("dispatch", id=case.walk.id, technician=technician.id)
    answer = technician.order("repair", id=case.walk.id, notes="done")
    assert answer["state"] == "repaired"
    nowhere = case.walk.id[:-1] + ("0" if case.walk.id[-1] != "0" else "1")
    dispatcher.refused(NotFound, "workorders", "get", id=nowhere)
    case.estate.settle()
    inbox = case.estate.operator.call("notifications", "inbox", person=case.person.id)
    templates = [one["template"] for one in inbox["notifications"]]
    assert templates.count("order_repaired") == 2, "those from before, and none since"
