"""What came of a played story: the month, one order's timeline, satisfaction, efficiency."""

from __future__ import annotations

from rich.console import Console

from cli.audit.names import Names
from cli.audit.show import show as show_order
from cli.audit.story import Moment, told
from cli.community import BUILDINGS, COMMUNITY, Registered
from cli.console import shown
from cli.demo import figures
from cli.demo.calendar import ZONE
from cli.demo.story import Story
from cli.operator import Operator


def show(
    operator: Operator,
    story: Story,
    order: str,
    registered: Registered,
    seed: int,
    out: Console,
) -> None:
    """``order``: the id of the one whose timeline is shown."""
    begin = shown(story.begin, ZONE, seconds=False)
    end = shown(story.end, ZONE, seconds=False)
    out.print(f"{COMMUNITY}, {begin} to {end} ({ZONE.key}), seed {seed}\n")
    orders = list(figures.events(operator, "workorders"))
    out.print(figures.month(operator, orders))
    out.print(figures.outcomes(orders))
    people = Names(operator)
    show_order(told(operator, order, None, Moment()), people, out)
    codes = {registered.buildings[code]: name for code, name in BUILDINGS}
    names: figures.Names = (
        ("technician", lambda person: people.of(person) if person else "nobody yet"),
        ("category", str),
        ("building", lambda building: codes.get(building or "", "none")),
    )
    for table in (figures.satisfaction, figures.times, figures.results):
        out.print(table(operator, names))
