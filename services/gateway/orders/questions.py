"""What is asked about each category, so that whoever is sent brings the right tools.

The answers go with the description, in the words their writer saw, a line each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from services.gateway.frame.forms import Form


class Question(NamedTuple):
    """One of ``choices``, value to words, may be picked; none need be."""

    name: str
    label: Any
    choices: dict[str, Any]


_AT_HOME = Question(
    "at_home",
    _l("When is somebody at home?"),
    {
        "any": _l("Any time"),
        "day": _l("In the daytime"),
        "evening": _l("In the evening"),
        "weekend": _l("At the weekend"),
    },
)
_SINCE = Question(
    "since",
    _l("Since when?"),
    {"today": _l("Today"), "days": _l("Some days"), "longer": _l("Longer")},
)
_HOW_OFTEN = Question(
    "often",
    _l("How often?"),
    {"now": _l("Just now"), "again": _l("Again and again"), "daily": _l("Every day")},
)
_DAY_OR_NIGHT = Question(
    "hours",
    _l("At what time?"),
    {"day": _l("By day"), "evening": _l("In the evening"), "night": _l("At night")},
)

QUESTIONS: dict[str, dict[str, tuple[Question, ...]]] = {
    "repair": {
        "plumbing": (
            Question(
                "where",
                _l("Where is the trouble?"),
                {
                    "tap": _l("Tap or basin"),
                    "toilet": _l("Toilet"),
                    "pipe": _l("Pipe"),
                    "drain": _l("Drain"),
                },
            ),
            Question(
                "what",
                _l("What does it do?"),
                {
                    "drips": _l("It drips"),
                    "runs": _l("Water runs out"),
                    "blocked": _l("It is blocked"),
                    "dry": _l("No water comes"),
                },
            ),
            _AT_HOME,
        ),
        "electrical": (
            Question(
                "what",
                _l("What does not work?"),
                {
                    "light": _l("A lamp"),
                    "socket": _l("A socket"),
                    "room": _l("A whole room"),
                    "home": _l("The whole home"),
                },
            ),
            Question(
                "danger",
                _l("Are there sparks, or a smell of burning?"),
                {"no": _l("No"), "yes": _l("Yes")},
            ),
            _AT_HOME,
        ),
        "lift": (
            Question(
                "what",
                _l("What does it do?"),
                {
                    "stands": _l("It stands still"),
                    "noise": _l("It makes noises"),
                    "door": _l("The door does not close"),
                    "level": _l("It stops at the wrong height"),
                },
            ),
        ),
        "door_lock": (
            Question(
                "which",
                _l("Which door?"),
                {
                    "home": _l("Door of the home"),
                    "house": _l("Door of the building"),
                    "room": _l("Door of a room"),
                    "gate": _l("A gate"),
                },
            ),
            Question(
                "locked_out",
                _l("Are you locked out?"),
                {"no": _l("No"), "yes": _l("Yes")},
            ),
        ),
        "heating": (
            Question(
                "what",
                _l("What does it do?"),
                {
                    "cold": _l("It stays cold"),
                    "hot": _l("It is too hot"),
                    "leaks": _l("It leaks"),
                    "noise": _l("It makes noises"),
                },
            ),
            _AT_HOME,
        ),
        "wall_ceiling": (
            Question(
                "what",
                _l("What can be seen?"),
                {
                    "wet": _l("Wet patches"),
                    "mould": _l("Mould"),
                    "crack": _l("A crack"),
                    "falls": _l("Something falls off"),
                },
            ),
            _SINCE,
            _AT_HOME,
        ),
        "appliance": (_SINCE, _AT_HOME),
        "public_area": (_SINCE,),
    },
    "complaint": {
        "noise": (_DAY_OR_NIGHT, _HOW_OFTEN),
        "hygiene": (_SINCE,),
        "parking": (_HOW_OFTEN,),
        "pets": (_HOW_OFTEN, _DAY_OR_NIGHT),
        "security": (_DAY_OR_NIGHT,),
        "neighbour": (_DAY_OR_NIGHT, _HOW_OFTEN),
    },
}


def field(category: str, question: Question) -> str:
    return f"answer.{category}.{question.name}"


def described(form: Form, kind: str, category: str) -> str:
    """The description with the answers below it."""
    answers = (f"{question.label} {answer}" for question, answer in _answered(form, kind, category))
    return "\n".join((form.text("description"), *answers))


def _answered(form: Form, kind: str, category: str) -> Iterator[tuple[Question, Any]]:
    for question in QUESTIONS[kind].get(category, ()):
        answer = question.choices.get(form.text(field(category, question)))
        if answer is not None:
            yield question, answer
