"""What stands beside an order on its page: what is kept of it elsewhere than in its own events."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from services.gateway.comments import card as comments
from services.gateway.follow_ups import card as follow_ups
from services.gateway.follow_ups.words import ANSWERS
from services.gateway.frame.forms import Form
from services.gateway.orders import links
from services.gateway.orders.reader import Reader
from services.gateway.orders.timeline import Step

Data = dict[str, Any]
# what is said after one of these forms was taken
DONE = {
    "follow_up": _l("The follow-up is recorded."),
    "comment": _l("The comment is sent."),
}


class Others(NamedTuple):
    """None where it is not for the reader, or cannot be had now."""

    follow_ups: Data | None
    links: Data | None
    comments: Data | None


def of(order: Data) -> Others:
    return Others(follow_ups.of(order), links.of(order), comments.of(order))


def mark(order: Data, others: Others) -> str:
    """Changes with everything that the page shows."""
    asked = others.follow_ups["version"] if others.follow_ups else 0
    said = others.comments["count"] if others.comments else 0
    return f"{order['version']}.{asked}.{said}.{links.mark(others.links)}"


def people(others: Others) -> set[str]:
    named = follow_ups.people(others.follow_ups) | links.people(others.links)
    return named | comments.people(others.comments)


def steps(reader: Reader, others: Others) -> list[Step]:
    """In the order of time."""
    return sorted(follow_ups.steps(reader, others.follow_ups), key=lambda step: step.at)


def shown(order: Data, others: Others, reader: Reader, failed: Form | None) -> Data:
    """What the templates of these parts need; ``failed`` stands in place of a new form."""
    forms = {name: Form(name) for name in DONE}
    if failed is not None and failed.name in forms:
        forms[failed.name] = failed
    return {
        "beside_forms": forms,
        "follow_up": follow_ups.due(order, others.follow_ups),
        "answers": ANSWERS,
        "links": others.links,
        "comments": others.comments,
        "said": comments.said(reader, others.comments),
    }
