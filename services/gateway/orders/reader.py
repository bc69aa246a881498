"""Who reads an order: what they call the people in it, and whose words they read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

Data = Mapping[str, Any]


class Reader:
    """``names``: person id to name. ``staff``: whether to use the staff's words."""

    def __init__(self, order: Data, names: Mapping[str, str], person: str, *, staff: bool) -> None:
        self.order = order
        self.names = names
        self.person = person
        self.staff = staff

    def name(self, person: str | None, otherwise: str | None = None) -> str:
        """What to call somebody; by what they are to the order, where their name is not known."""
        if person is None:
            return otherwise or _("nobody")
        if person.startswith("service:"):
            return _("The system")
        return self.names.get(person) or otherwise or self._role(person)

    def who(self, person: str) -> str:
        return _("You") if person == self.person else self.name(person)

    def _role(self, person: str) -> str:
        if person == self.order["technician"] or person in self.order["repairers"]:
            return _("The technician")
        if person == self.order["reporter"] or (
            person == self.order["accepter"] and self.order["accepter_kind"] == "resident"
        ):
            return _("The resident")
        return _("The property office")
