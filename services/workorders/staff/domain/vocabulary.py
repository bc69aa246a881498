"""What can be a skill, and which one a category of orders takes."""

from __future__ import annotations

from typing import Literal, get_args

Skill = Literal[
    "plumbing", "electrical", "lift", "door_lock", "heating", "wall_ceiling", "appliance"
]
SKILLS: tuple[Skill, ...] = get_args(Skill)


def skill_for(kind: str, category: str) -> Skill | None:
    """The skill an order of this category takes; None: anybody who holds the post can do it."""
    if kind != "repair":
        return None
    return next((skill for skill in SKILLS if skill == category), None)
