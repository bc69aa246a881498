"""The commands against a real platform: by its edge while it runs, and by themselves when not."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli import community
from cli.operator import Operator, connect
from shared.config.settings import OperatorSettings
from tests.integration.cli.wuye import Wuye
from tests.support.estate import SERVICES
from tests.support.lifecycle import a_quote
from tests.support.waiting import wait_until

REAL = Path(__file__).parents[4] / "shared" / "data" / "sf311.csv"
BOARD = "workorders.order_board"
COMMAND = "0b7c9c1e-7a52-4f0e-8a3b-3d1f5c2e9a10"
# a password takes its time, so no more than are needed
PEOPLE = ("manager", "supervisor", "dispatcher", "technician1", "resident1")


class Site:
    """A platform with the demo community and one order that went its whole way."""

    def __init__(self, wuye: Wuye, operator: Operator) -> None:
        self.wuye = wuye
        self.operator = operator
        with pytest.MonkeyPatch.context() as patched:
            few = tuple(member for member in community.MEMBERS if member.login in PEOPLE)
            patched.setattr(community, "MEMBERS", few)
            self._known = community.register(operator.call)
        self._tokens: dict[str, str] = {}
        self.settle()
        self.order = self._order()
        self.settle()

    def settle(self) -> None:
        """Until every service has heard of everything: a call waits two seconds for that."""
        wait_until("all have heard", lambda: self._heard() and self._heard())

    def _heard(self) -> bool:
        seen = {name: self.operator.call(f"{name}.ops", "views", {}) for name in SERVICES}
        return all(
            one["position"] >= seen[one["log"]]["head"]
            for name in SERVICES
            for one in seen[name]["handlers"]
        )

    @property
    def building(self) -> str:
        return self._known.buildings["1"]

    def as_(self, login: str, service: str, method: str, /, **request: Any) -> dict[str, Any]:
        if login not in self._tokens:
            secret = {"login": login, "password": community.PASSWORD}
            answer = self.operator.call("security", "login", secret)
            self._tokens[login] = answer["access_token"]
        return self.operator.call(service, method, request, self._tokens[login])

    def _order(self) -> dict[str, Any]:
        made = self.as_(
            "resident1", "workorders", "submit", community="lakeside", kind="repair",
            category="plumbing", unit=self._known.units["1-101"],
            description="厨房漏水 🚰 [b]متسرب",
        )  # fmt: skip
        order, worker = made["id"], self._known.people["technician1"]
        self.as_("dispatcher", "workorders", "dispatch", id=order, technician=worker)
        self.as_("technician1", "workorders", "quote", id=order, **a_quote(4500))
        self.as_("dispatcher", "workorders", "comment", id=order, text="有狗", internal=True)
        self.as_("resident1", "workorders", "accept_quote", id=order, quote=1)
        self.as_("technician1", "workorders", "repair", id=order, notes="换了垫圈", charge_fen=4500)
        self.as_("resident1", "workorders", "accept", id=order)
        self.as_("resident1", "workorders", "rate", id=order, stars=4)
        bill = self._bill(order)
        self.as_("resident1", "billing", "pay", id=bill, amount_fen=4500, method="wechat")
        return made

    def _bill(self, order: str) -> str:
        found = wait_until(
            "the bill", lambda: self.operator.call("billing", "list", {"order": order})["bills"]
        )
        return str(found[0]["id"])


@pytest.fixture(scope="module")
def traps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`traps.csv` with the one byte in it that is no UTF-8."""
    file = tmp_path_factory.mktemp("traps") / "traps.csv"
    text = Path(__file__).with_name("traps.csv").read_bytes()
    file.write_bytes(text.replace(b"{E9}", b"\xe9"))
    return file


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    wuye = Wuye(tmp_path_factory.mktemp("site"))
    with (
        wuye.running("--empty"),
        connect(OperatorSettings(data_dir=wuye.folder)) as operator,
    ):
        yield Site(wuye, operator)


def shown(site: Site, *options: str) -> Any:
    done = site.wuye("audit", "show", site.order["number"], "--json", *options)
    return json.loads(done.stdout)


def types(found: Any) -> list[str]:
    return [one["type"] for one in found["events"]]


# -- audit ---------------------------------------------------------------------------------------


def test_the_story_goes_over_all_services(site: Site) -> None:
    found = shown(site)
    assert found["order"]["state"] == "rated"
    own = [one["type"] for one in found["events"] if one["log"] == "workorders"]
    assert own == [
        "WorkOrderSubmitted", "WorkOrderDispatched", "WorkOrderQuoted", "CommentAdded",
        "WorkOrderQuoteAccepted", "WorkOrderRepaired", "WorkOrderAccepted", "WorkOrderRated",
    ]  # fmt: skip
    assert {"BillRaised", "BillPaid", "BillSettled", "NotificationPosted"} <= set(types(found))
    by_id = {one["id"]: one for one in found["events"]}
    (bill,) = [one for one in found["events"] if one["type"] == "BillRaised"]
    assert by_id[bill["causationid"]]["type"] == "WorkOrderAccepted"
    told = [one for one in found["events"] if one["type"] == "NotificationPosted"]
    assert all(one["causationid"] in by_id for one in told)
    assert "BillRaised" in {by_id[one["causationid"]]["type"] for one in told}


def test_the_story_as_tables(site: Site) -> None:
    text = site.wuye("audit", "show", site.order["id"]).stdout
    for words in (
        "厨房漏水 🚰 [b]متسرب",
        "王秀英",
        "马师傅",
        "★★★★☆",
        "among staff; “有狗”",
        "¥45.00",
        "Asia/Shanghai",
    ):
        assert words in text


def test_the_story_at_a_version(site: Site) -> None:
    found = shown(site, "--version", "2")
    assert found["order"]["state"] == "dispatched"
    assert set(types(found)) == {"WorkOrderSubmitted", "WorkOrderDispatched", "NotificationPosted"}
    assert "CommentAdded" in types(shown(site, "--version", "3"))


@pytest.mark.parametrize("by", ["recorded", "occurred"])
def test_the_story_at_a_time(site: Site, by: str) -> None:
    repaired = next(one for one in shown(site)["events"] if one["type"] == "WorkOrderRepaired")
    found = shown(site, "--at", repaired["time"], "--by", by)
    assert found["order"]["state"] == "repaired"
    assert "BillRaised" not in types(found)
    missing = site.wuye("audit", "show", site.order["id"], "--at", "2001-01-01", code=1)
    assert "did not exist yet" in missing.stderr


def test_an_order_that_is_none(site: Site) -> None:
    assert "no such order" in site.wuye("audit", "show", "R-1999-000001", code=1).stderr
    wrong = site.wuye("audit", "show", "R-2026-1", "--community", "nowhere", code=1).stderr
    assert "there is no community nowhere; there are: lakeside" in wrong
    assert "is no time" in site.wuye("audit", "show", "x", "--at", "soon", code=1).stderr


def test_the_export_is_every_event_once(site: Site, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    site.wuye("audit", "export", "--out", str(file))
    events = [json.loads(line) for line in file.read_text().splitlines()]
    heads = {
        service: site.operator.call(f"{service}.ops", "views", {})["head"]
        for service in ("security", "workorders", "billing")
    }
    for service, head in heads.items():
        positions = [one["position"] for one in events if one["log"] == service]
        assert positions == sorted(set(positions))
        assert positions[-1] == head
    assert [path.name for path in tmp_path.iterdir()] == ["all.jsonl"]
    assert file.stat().st_mode & 0o077 == 0

    some = [one for one in events if one["log"] == "workorders"]
    narrow = site.wuye(
        "audit", "export", "--service", "workorders", "--community", "lakeside",
        "--from", some[1]["time"], "--to", some[3]["time"],
    ).stdout  # fmt: skip
    assert [json.loads(line)["type"] for line in narrow.splitlines()] == [
        "WorkOrderDispatched",
        "WorkOrderQuoted",
    ]


# -- import --------------------------------------------------------------------------------------


def test_an_import_with_every_trap(site: Site, traps: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    arguments = ("import", "311", str(traps), "--community", "lakeside", "--report", str(report))
    dry = site.wuye(*arguments, "--dry-run")
    assert "orders that would be made" in dry.stdout
    done = site.wuye(*arguments)
    first = json.loads(report.read_text())
    assert (first["rows_read"], first["orders_made"], first["already_there"]) == (18, 7, 1)
    assert first["rows_refused"] == 10
    assert {(one["line"], one["field"]) for one in first["refused"]} == {
        (4, "closed_date"),
        (5, "status_notes"),
        (7, "unique_key"),
        (8, "line"),
        (9, "line"),
        (11, "line"),
        (12, "created_date"),
        (13, "created_date"),
        (14, "status"),
        (15, "created_date"),
    }
    assert "Refused" in done.stdout
    assert first["kinds"] == {"complaint": 5, "repair": 2}
    assert first["flags"]["closed_without_date"] == 1
    assert first["flags"]["closed_late"] == 1

    site.wuye(*arguments)
    again = json.loads(report.read_text())
    assert (again["orders_made"], again["already_there"]) == (0, 8)
    assert again["refused"] == first["refused"]


def test_what_was_imported_keeps_its_times_and_makes_no_satisfaction(
    site: Site, traps: Path
) -> None:
    before = site.operator.call("analytics", "satisfaction", {})["total"]
    site.wuye("import", "311", str(traps), "--community", "lakeside", "--source", "elsewhere")
    listed = site.operator.call("workorders", "list", {"imported": True, "limit": 200})["orders"]
    ids = {one["id"] for one in listed}
    history = [
        site.operator.call("workorders", "history", {"id": one})["events"][0]["data"] for one in ids
    ]
    (glazier,) = [
        one for one in history if (one["source"], one["source_id"]) == ("elsewhere", "1001")
    ]
    assert glazier["submitted_at"] == "2016-07-13T22:11:07Z"
    assert glazier["closed_at"] == "2019-01-14T12:13:22Z"
    assert (glazier["kind"], glazier["state"], glazier["status"]) == (
        "repair",
        "repaired",
        "Closed",
    )
    assert "破窗 🪟" in glazier["description"]
    assert all(one["accepter"] is None for one in history)
    assert site.operator.call("analytics", "satisfaction", {})["total"] == before
    with pytest.raises(Exception, match="imported"):
        site.as_("manager", "workorders", "accept", id=next(iter(ids)))


def test_a_file_that_is_none(site: Site, traps: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a;b\n1;2\n")
    said = site.wuye("import", "311", str(wrong), "--community", "lakeside", code=1).stderr
    assert "it lacks unique_key, created_date" in said
    nowhere = site.wuye("import", "311", str(traps), "--community", "nowhere", code=1).stderr
    assert "there is no community nowhere" in nowhere


@pytest.mark.skipif(not REAL.exists(), reason=f"the real file {REAL.name} is not on this machine")
def test_real_rows(site: Site, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    arguments = ("import", "311", str(REAL), "--community", "lakeside", "--report", str(report))
    site.wuye(*arguments, "--dry-run")
    whole = json.loads(report.read_text())
    assert (whole["rows_read"], whole["would_be_made"], whole["rows_refused"]) == (
        10_000,
        9_968,
        32,
    )
    assert whole["kinds"]["repair"] > 1_000
    assert len(whole["bulk_closing_days"]) > 5
    site.wuye(*arguments, "--limit", "500", "--source", "sf311")
    some = json.loads(report.read_text())
    assert (some["rows_read"], some["orders_made"] + some["rows_refused"]) == (500, 500)


# -- views and parked events ---------------------------------------------------------------------


def test_views_are_listed_and_rebuilt(site: Site) -> None:
    listed = site.wuye("rebuild", "--list").stdout
    assert BOARD in listed
    assert "analytics.ratings" in listed
    done = site.wuye("rebuild", BOARD).stdout.splitlines()
    assert done[0].split()[1] == done[1].split()[1]
    assert "(equal); queries read it" in done[2]


def test_a_view_that_is_none(site: Site) -> None:
    assert "it has: " in site.wuye("rebuild", "billing.nothing", code=1).stderr
    assert "is no SERVICE.VIEW" in site.wuye("rebuild", "nothing", code=1).stderr
    assert "or ask for --list" in site.wuye("rebuild", code=1).stderr


def test_nothing_is_parked(site: Site) -> None:
    assert site.wuye("parked").stdout == "nothing is parked\n"
    assert "has parked nothing" in site.wuye("parked", "drop", "nobody", "x.y", code=1).stderr


# -- call ----------------------------------------------------------------------------------------


def test_any_method_as_the_operator(site: Site) -> None:
    found = json.loads(
        site.wuye("call", "workorders.get", json.dumps({"id": site.order["id"]})).stdout
    )
    assert found["number"] == site.order["number"]
    ids = [
        json.loads(
            site.wuye(
                "call", "security.register_unit", "--command-id", COMMAND,
                json.dumps({"building": site.building, "code": "1-999"}),
            ).stdout
        )["id"]
        for _ in range(2)
    ]  # fmt: skip
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("workorders",), "is not SERVICE.METHOD"),
        (("workorders.get", "{"), "this is not JSON"),
        (("workorders.get", "[]"), "a JSON object is expected"),
        (("workorders.get", '{"id": 5}'), "id: Text is expected"),
        (("workorders.paint",), "paint"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(site: Site, arguments: tuple[str, ...], said: str) -> None:
    assert said in site.wuye("call", *arguments, code=1).stderr


# -- with nobody running --------------------------------------------------------------------------


def test_by_itself_on_data_that_nobody_serves(site: Site, tmp_path: Path) -> None:
    repaired = next(one for one in shown(site)["events"] if one["type"] == "WorkOrderRepaired")
    wuye = _copied(site.wuye.folder, tmp_path / "data")
    policy = "when_accepter_does_not_answer_then_remind_them_and_have_the_work_checked"
    with sqlite3.connect(wuye.folder / "workorders.sqlite") as store:
        live = store.execute("SELECT build FROM view_builds WHERE view = 'order_board' AND live")
        store.execute(f"UPDATE view_order_board_{live.fetchone()[0]} SET stars = 1")
        store.execute(
            "INSERT INTO parked VALUES (?, ?, ?, ?, 'workorders', 'x', '2026-03-01', NULL)",
            (policy, repaired["subject"], repaired["position"], repaired["id"]),
        )
    assert "was left as it is" in wuye("rebuild", BOARD, code=1).stdout
    assert "they differ" in wuye("rebuild", BOARD, "--accept-difference").stdout
    assert "handled: 1 of 1" in wuye("parked", "retry", policy, repaired["subject"]).stdout


def _copied(folder: Path, to: Path) -> Wuye:
    """Another data folder with the same keys and stores."""
    shutil.copytree(folder / "keys", to / "keys")
    for store in folder.glob("*.sqlite"):
        with sqlite3.connect(store) as source, sqlite3.connect(to / store.name) as target:
            source.backup(target)
    return Wuye(to)
