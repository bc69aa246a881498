"""An order's story as tables."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console
from rich.table import Table

from cli import console
from cli.audit.names import Names
from cli.audit.story import Story
from cli.audit.words import said
from cli.console import shown, yuan
from shared.audit.chain import Event


def show(story: Story, names: Names, out: Console, then: str = "") -> None:
    """``then``: the moment the order is shown at, for the title; empty: now."""
    out.print(state(story, names, then))
    out.print(timeline(story, names))


def state(story: Story, names: Names, then: str) -> Table:
    order, zone = story.order, story.zone
    found = console.table(f"{order['number']} {then}".rstrip(), "field", "value")
    found.show_header = False
    accepted = order["accepted_at"]
    for name, value in (
        ("id", order["id"]),
        ("kind", f"{order['kind']}, {order['category']}, by {order['channel']}"),
        ("state", f"{order['state']} ({order['activity']}), version {order['version']}"),
        ("submitted", shown(datetime.fromisoformat(order["submitted_at"]), zone)),
        ("accepted", shown(datetime.fromisoformat(accepted), zone) if accepted else None),
        ("reporter", names.of(order["reporter"]) if order["reporter"] else None),
        ("accepter", names.of(order["accepter"]) if order["accepter"] else None),
        ("technician", names.of(order["technician"]) if order["technician"] else None),
        ("repaired by", ", ".join(names.of(one) for one in order["repairers"]) or None),
        ("charge to come", yuan(order["charge_fen"]) if order["charge_fen"] else None),
        ("description", order["description"] or "(words no longer kept)"),
    ):
        if value is not None:
            console.row(found, name, value)
    return found


def timeline(story: Story, names: Names) -> Table:
    """Numbered; ``cause`` is the number of the event that it followed from by itself."""
    found = console.table(
        f"What happened ({story.zone.key})", "#", "when", "service", "who", "what", "cause",
        right=("#",), wide="what",
    )  # fmt: skip
    numbers = {event["id"]: number for number, event in enumerate(story.events, start=1)}
    for event in story.events:
        recorded = datetime.fromisoformat(event["time"])
        occurred = datetime.fromisoformat(event["occurredat"])
        when = shown(recorded, story.zone)
        if abs((recorded - occurred).total_seconds()) >= 1:
            when += f"\n(occurred {shown(occurred, story.zone)})"
        console.row(
            found, numbers[event["id"]], when, event["log"], _who(event, names),
            said(event, names), _cause(event.get("causationid"), numbers),
        )  # fmt: skip
    return found


def _who(event: Event, names: Names) -> str:
    return "itself" if event["actor"] == f"service:{event['log']}" else names.of(event["actor"])


def _cause(cause: str | None, numbers: dict[str, int]) -> str:
    if cause is None:
        return ""
    return f"# {numbers[cause]}" if cause in numbers else f"event {cause[:8]}"
