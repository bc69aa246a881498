"""What two readings say, and what is shown of it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from cli.top.figures import Figures, figures
from cli.top.screen import page
from cli.top.sources import Process, by_process, parsed
from shared.observability.metrics import Measure, Metrics


class Site:
    """One service's two processes, as they would answer to a scrape."""

    def __init__(self) -> None:
        self.serve, self.work = Metrics(), Metrics()
        self.serve.watch_queue("billing", lambda: 0)
        self.relay(0, 0.0)

    def relay(self, events: int, seconds: float) -> None:
        self.work.relayed("billing", events, seconds)

    def calls(self, count: int, code: str = "ok", seconds: float = 0.02) -> None:
        for _ in range(count):
            self.serve.answered("billing", "pay", code, seconds)

    def read(self) -> list[Process]:
        both = {"billing-serve": self.serve, "billing-work": self.work}
        return [Process(name, parsed(one.render().decode())) for name, one in both.items()]


@pytest.fixture
def site() -> Site:
    return Site()


def shown(found: Figures) -> str:
    out = io.StringIO()
    Console(file=out, width=110).print(page(found, "a test", "12:00:00"))
    return out.getvalue()


def test_rates_are_those_between_the_readings(site: Site) -> None:
    site.calls(1000)
    before = site.read()
    site.calls(30)
    site.calls(10, seconds=0.3)
    site.serve.appended("billing", 12, lost=2)
    (billing,) = figures(before, site.read(), 10.0).services
    assert (billing.calls, billing.errors) == (4.0, 0.0)
    assert (billing.appends, billing.conflicts) == (1.2, 0.2)
    assert billing.p95_seconds is not None
    assert 0.25 < billing.p95_seconds < 0.5


def test_a_process_that_started_anew_counts_from_nothing(site: Site) -> None:
    site.calls(1000)
    before = site.read()
    anew = Site()
    anew.calls(20)
    assert figures(before, anew.read(), 10.0).services[0].calls == 2.0


def test_all_is_well_where_nothing_is_wrong(site: Site) -> None:
    before = site.read()
    site.calls(100)
    site.work.followed("billing", "bills", 3, stopped=False, seconds=0.2)
    found = figures(before, site.read(), 10.0)
    assert found.wrong == []
    assert "all is well" in shown(found)


def _errors(site: Site) -> None:
    site.calls(95)
    site.calls(5, "unavailable")


def _late(site: Site) -> None:
    site.calls(100, seconds=3.0)


def _untold(site: Site) -> None:
    site.relay(7, 45.0)


def _stopped(site: Site) -> None:
    site.work.followed("billing", "bills", 3, stopped=True)


def _behind(site: Site) -> None:
    site.work.followed("billing", "bills", 3, stopped=False, seconds=90.0)


def _parked(site: Site) -> None:
    site.work.parked("billing", {"raise_bill": 2})


def _queue(site: Site) -> None:
    site.serve.watch_queue("billing", lambda: 900)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (_errors, "billing answers with errors (5.0% of its calls)"),
        (_late, "billing answers late"),
        (_untold, "events of billing are not told for 45 s"),
        (_stopped, "billing.bills has stopped"),
        (_behind, "billing.bills is behind for 90 s"),
        (_parked, "billing.raise_bill has 2 events parked"),
        (_queue, "billing has 900 saves waiting"),
    ],
)
def test_what_is_wrong_is_said_first(site: Site, change: object, line: str) -> None:
    before = site.read()
    change(site)  # type: ignore[operator]
    found = figures(before, site.read(), 10.0)
    assert len(found.wrong) == 1 and found.wrong[0].startswith(line)
    assert shown(found).splitlines()[1].startswith(f"! {line}")


def test_what_a_caller_did_wrong_is_no_error_of_ours(site: Site) -> None:
    before = site.read()
    site.calls(100, "refused")
    assert figures(before, site.read(), 10.0).wrong == []


def test_a_process_that_does_not_answer_leaves_nobody_to_lead(site: Site) -> None:
    before = site.read()
    now = [site.read()[0], Process("billing-work", fault="connection refused")]
    found = figures(before, now, 2.0)
    assert found.wrong == [
        "billing-work does not answer: connection refused",
        "nobody leads the log of billing",
    ]
    assert "down" in shown(found) and "none" in shown(found)


def test_who_waits_for_a_connection_does_so_in_both_readings(site: Site) -> None:
    waiting = [0.0]
    site.serve.watch_pool("billing", lambda: {"idle": 0, "used": 8, "waiting": waiting[0]})
    before = site.read()
    waiting[0] = 5.0
    assert figures(before, site.read(), 2.0).wrong == []
    wrong = figures(site.read(), site.read(), 2.0).wrong
    assert wrong == ["5 requests of billing wait for a connection to its database"]


def test_many_that_are_behind_are_told_of_in_one_line(site: Site) -> None:
    """Of events they know none: whom they follow does not answer."""
    before = site.read()
    for number in range(4):
        site.work.followed("billing", f"view{number}", 0, stopped=False, seconds=70.0 + number)
    found = figures(before, site.read(), 2.0)
    assert found.wrong == ["4 handlers of billing are behind for 73 s"]
    lines = shown(found).splitlines()
    assert any("0 of 4 at the end of their logs" in line for line in lines)
    (last,) = [line.split() for line in lines if "billing.view3" in line]
    assert last == ["billing.view3", "unknown", "73.0", "s", "0"]


def test_what_others_lean_on_stands_first_and_nobody_is_left_out(site: Site) -> None:
    before = site.read()
    away = [Process(f"billing-{kind}", fault="timed out") for kind in ("serve", "work")]
    found = figures(before, [*away, Process("postgres", fault="the server is away")], 2.0)
    assert found.wrong == [
        "postgres does not answer: the server is away",
        "billing-serve does not answer: timed out",
        "billing-work does not answer: timed out",
        "nobody leads the log of billing",
    ]
    assert [one.name for one in found.services] == ["billing"]


def test_calls_that_wait_are_told_by_their_queue(site: Site) -> None:
    text = 'rabbitmq_detailed_queue_messages_ready{vhost="wuye",queue="rpc-billing"} 1500\n'
    now = [*site.read(), Process("rabbitmq", parsed(text))]
    found = figures(site.read(), now, 2.0)
    assert found.wrong == ["1500 calls wait in rpc-billing"]
    assert "rpc-billing 1500" in shown(found)


def test_orders_are_counted(site: Site) -> None:
    labels = ("kind", "category", "state")
    values = {("repair", "lift", "submitted"): 3.0, ("repair", "lift", "repaired"): 2.0}
    site.work.measured(Measure("wuye_orders_open", "Open.", labels, values))
    site.work.measured(
        Measure("wuye_orders_escalated", "Late.", labels[:2], {("repair", "lift"): 1})
    )
    found = figures(site.read(), site.read(), 2.0)
    assert found.orders == {"open": 5.0, "escalated": 1.0}
    assert "open 5, escalated 1 (submitted 3, repaired 2)" in shown(found)


def test_the_worst_handlers_stand_first(site: Site) -> None:
    for number in range(30):
        site.work.followed("billing", f"view{number}", number, stopped=number == 5)
    text = shown(figures(site.read(), site.read(), 2.0))
    assert "1 of 30 at the end of their logs" in text
    places = [text.rindex(f"billing.view{number} ") for number in (5, 29, 1)]
    assert places == sorted(places) and "billing.view0 " not in text


def test_prometheus_tells_processes_apart_and_which_are_down() -> None:
    text = """
up{job="billing",process="serve",instance="a:1"} 1
up{job="billing",process="serve",instance="b:1"} 0
up{job="gateway",process="edge",instance="c:1"} 1
up{job="rabbitmq",instance="d:1"} 1
up{job="postgres",instance="e:1"} 1
pg_up{job="postgres",instance="e:1"} 1
up{job="postgres",instance="f:1"} 1
pg_up{job="postgres",instance="f:1"} 0
wuye_rpc_requests_total{job="billing",process="serve",instance="a:1",service="billing",code="ok"} 9
"""
    found = {one.name: one.fault for one in by_process(parsed(text))}
    assert found == {
        "billing-serve a:1": None,
        "billing-serve b:1": "Prometheus cannot read it",
        "gateway": None,
        "postgres e:1": None,
        "postgres f:1": "the server is away",
        "rabbitmq": None,
    }
