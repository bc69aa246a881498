"""The figures as a page for a terminal; what is wrong stands first, and in red."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.console import row, table
from cli.top.figures import Figures, HandlerRow, ProcessRow, ServiceRow
from cli.top.wrong import ERRORS_SHARE, FOLLOWER_SECONDS, RELAY_SECONDS, SLOW_SECONDS

_BAD = "bold red"


def page(found: Figures, way: str, moment: str) -> RenderableType:
    """The worst stands first everywhere: a low terminal cuts off what is below."""
    return Group(
        Text(f"wuye top · {way} · {moment}", style="bold"),
        _verdict(found),
        _services(found),
        _rest(found),
        _processes(found),
        _handlers(found.handlers),
    )


def _verdict(found: Figures) -> Text:
    if not found.wrong:
        return Text("all is well", style="green")
    return Text("\n").join(Text(f"! {line}", style=_BAD) for line in found.wrong)


def _processes(found: Figures) -> Table:
    """Two beside each other: there are many, and little is to be said of each."""
    columns = ("process", "cores", "MB", "late")
    both = table("Processes", *columns, *(f"{one} " for one in columns), right={*columns[1:]})
    for column in both.columns[5:]:
        column.justify = "right"
    cells = [[*_process(one)] for one in found.processes]
    half = (len(cells) + 1) // 2
    for number in range(half):
        right = cells[half + number] if half + number < len(cells) else [Text("")] * 4
        both.add_row(*cells[number], *right)
    return both


def _process(one: ProcessRow) -> Iterator[Text]:
    yield Text(one.name, style=_BAD if one.fault else "")
    if one.fault:
        yield Text("down", style=_BAD)
    elif one.server:
        yield Text("up")
    else:
        yield _number(one.cores, 2)
    yield _number(one.megabytes)
    yield _duration(one.late_seconds)


def _services(found: Figures) -> Table:
    right = ("calls/s", "errors/s", "p95", "saves/s", "lost/s", "waiting", "untold", "oldest")
    services = table("Services", "service", "leader", *right, right=right)
    for one in found.services:
        services.add_row(one.name, *_cells(one))
    return services


def _cells(one: ServiceRow) -> Iterator[Text]:
    yield Text("yes") if one.leads else Text("none", style=_BAD)
    yield _number(one.calls, 1)
    yield _number(one.errors, 1, bad=one.errors > ERRORS_SHARE * one.calls)
    yield _duration(one.p95_seconds, SLOW_SECONDS)
    yield _number(one.appends, 1)
    yield _number(one.conflicts, 1)
    yield _number(one.waiting_saves)
    yield _number(one.relay_events)
    yield _duration(one.relay_seconds, RELAY_SECONDS)


def _rest(found: Figures) -> Table:
    rest = table("", "what", "now")
    rest.show_header = False
    pages = found.pages
    row(
        rest,
        "pages",
        f"{_number(pages['requests'], 1)}/s, errors {_number(pages['errors'], 1)}/s, "
        f"p95 {_duration(pages['p95_seconds'])}",
    )
    waiting = ", ".join(f"{name} {depth:.0f}" for name, depth in found.queues.items() if depth)
    row(rest, "calls that wait", (waiting or "none") if found.queues else "not known")
    orders = [
        f"{name} {value:.1f}" if name == "stars" else f"{name} {value:.0f}"
        for name, value in found.orders.items()
    ]
    states = ", ".join(
        f"{name} {value:.0f}" for name, value in found.open_by_state.items() if value
    )
    row(rest, "orders", (", ".join(orders) or "not known") + (f" ({states})" if states else ""))
    return rest


def _handlers(handlers: Sequence[HandlerRow]) -> RenderableType:
    """Those that are not at the end of their logs."""
    behind = [one for one in handlers if not one.at_end]
    behind.sort(key=lambda one: (not one.stopped, -one.parked, -one.seconds, -one.events))
    text = f"Handlers: {len(handlers) - len(behind)} of {len(handlers)} at the end of their logs"
    if not handlers:
        text = "Handlers: none known, since nobody leads"
    if not behind:
        return Text(text, style="bold")
    right = ("events", "behind", "parked")
    found = table(text, "handler", *right, right=right)
    for one in behind:
        found.add_row(
            Text(f"{one.service}.{one.name}", style=_BAD if one.stopped else ""),
            _events(one),
            _duration(one.seconds, FOLLOWER_SECONDS),
            _number(one.parked, bad=one.parked > 0),
        )
    return found


def _events(one: HandlerRow) -> Text:
    if one.stopped:
        return Text("stopped", style=_BAD)
    return Text("unknown") if one.late and not one.events else _number(one.events)


def _number(value: float | None, digits: int = 0, *, bad: bool = False) -> Text:
    return Text("-" if value is None else f"{value:,.{digits}f}", style=_BAD if bad else "")


def _duration(seconds: float | None, most: float = float("inf")) -> Text:
    if seconds is None:
        return Text("-")
    shown = f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
    return Text(shown, style=_BAD if seconds > most else "")
