"""What comes in about dispatching."""

from __future__ import annotations

from services.workorders.dispatching.domain.events import MODES
from services.workorders.dispatching.domain.rules import FARTHEST
from services.workorders.orders.domain.vocabulary import KINDS
from services.workorders.orders.schemas import COMMUNITY
from shared.schemas import Choice, Command, Flag, Id, Integer, Items, Query, Text

# orders of one question
MOST_RECOMMENDED = 50


def community(*, required: bool = True) -> Text:
    return Text(
        32,
        pattern=COMMUNITY,
        hint="A community's short name is expected, such as lakeside.",
        **({"required": True} if required else {"load_default": None}),
    )


def _weight() -> Integer:
    return Integer(minimum=0, maximum=100, required=True)


class SetMode(Command):
    community = community()
    kind = Choice(KINDS, required=True)
    category = Text(40, required=True)
    mode = Choice(MODES, required=True)
    certificate_required = Flag(load_default=False)


class SetWeights(Command):
    """What counts how much, from 0 to 100; ``capacity``: orders in one technician's hands."""

    community = community()
    skill = _weight()
    load = _weight()
    distance = _weight()
    urgency = _weight()
    fairness = _weight()
    capacity = Integer(minimum=1, maximum=50, required=True)


class PlaceBuilding(Command):
    """Metres from any point of the community's plan, chosen once."""

    building = Id(required=True)
    x = Integer(minimum=-FARTHEST, maximum=FARTHEST, required=True)
    y = Integer(minimum=-FARTHEST, maximum=FARTHEST, required=True)


class HoldRound(Command):
    community = community()


class Grab(Command):
    id = Id(required=True)


class OfCommunity(Query):
    community = community()


class Decisions(Query):
    community = community()
    limit = Integer(minimum=1, maximum=100, load_default=20)


class OfOrder(Query):
    id = Id(required=True)


class Recommend(Query):
    ids = Items(Id(required=True), MOST_RECOMMENDED, minimum=1, required=True)
