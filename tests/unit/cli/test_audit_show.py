"""What `wuye audit show` says where a log has more of an order's story than it tells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli.commands import audit
from cli.operator import Operator
from shared.clock import SystemClock
from shared.identity.keys import ensure
from shared.identity.operator import operator

ORDER = "lakeside.00000000-0000-4000-8000-000000000001"
INQUIRY = "lakeside.00000000-0000-4000-8000-000000000002"
NOTICE = "lakeside.00000000-0000-4000-8000-000000000003"
AT = "2026-03-01T12:00:00+00:00"
SUBMITTED = {
    "id": "submitted", "type": "WorkOrderSubmitted", "version": 1, "time": AT, "occurred_at": AT,
    "data": {"origin": {"id": INQUIRY, "relation": "inquiry"}}, "command_id": "c",
    "correlation_id": "c", "causation_id": None, "actor": "lakeside.somebody",
}  # fmt: skip


def event(log: str, subject: str) -> dict[str, Any]:
    return {
        "id": f"of {log}", "type": "Happened", "subject": subject, "log": log, "position": 1,
        "time": AT, "streamversion": 1, "correlationid": "c", "causationid": None, "data": {},
    }  # fmt: skip


class Platform:
    """Answers as the services do; ``more``: streams of which it does not tell all."""

    def __init__(self, *more: str) -> None:
        self._more = more

    def send(self, service: str, method: str, asked: Mapping[str, Any], _: str) -> dict[str, Any]:
        match service, method:
            case "security", "communities":
                return {"communities": [{"community": "lakeside", "timezone": "Asia/Shanghai"}]}
            case "workorders", "get":
                return {"id": ORDER}
            case "workorders", "history":
                return {"id": ORDER, "events": [SUBMITTED]}
        streams = asked.get("subjects", [])
        found = [event("workorders", INQUIRY)] if INQUIRY in streams else []
        if asked["log"] == "notifications":
            found = [event("notifications", NOTICE)]
        done = not set(self._more) & set(streams)
        return {"events": found, "next": 1, "head": 1, "done": done}


@pytest.mark.parametrize(
    ("more", "said"),
    [((), None), ((INQUIRY,), "log of workorders"), ((NOTICE,), "log of notifications")],
    ids=["all", "of the inquiry", "of what was begun"],
)
def test_a_story_that_is_not_whole_is_told_and_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], said: str | None
) -> None:
    ensure(tmp_path, ["operator"])

    @contextmanager
    def connect() -> Iterator[Operator]:
        yield Operator(Platform(*more).send, operator(tmp_path, SystemClock()), "here")

    monkeypatch.setattr(audit, "connect", connect)
    done = CliRunner().invoke(audit.command, ["show", ORDER, "--json"])
    told = json.loads(done.stdout)
    assert {one["id"] for one in told["events"]} == {
        "submitted", "of workorders", "of notifications",
    }  # fmt: skip
    assert done.exit_code == (0 if said is None else 1)
    assert said is None or said in done.stderr
