"""What an admin can do: each command's form, read into its request and told again to confirm it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from services.gateway.frame import words
from services.gateway.frame.directory import Directory
from services.gateway.frame.forms import Form
from services.gateway.frame.languages import NAMES
from services.gateway.orders.places import unit_label
from shared.errors import Invalid
from shared.identity.caller import EVERY

NEEDED = "This field is required."


class Act(NamedTuple):
    """``fields``: those of the form and whether each is needed. ``shown``: told but not sent.

    ``password``: one is asked for as it is confirmed, so that none stands in a page.
    """

    title: Any
    warning: Any
    done: Any
    fields: dict[str, bool]
    shown: tuple[str, ...] = ()
    password: bool = False
    danger: bool = False
    many: tuple[str, ...] = ()

    def read(self, form: Form) -> dict[str, Any]:
        """Raises ``Invalid`` naming what is missing."""
        missing = {
            name: [NEEDED]
            for name, needed in self.fields.items()
            if needed and not form.text(name).strip()
        }
        if missing:
            raise Invalid("Some fields are empty.", fields=missing)
        asked: dict[str, Any] = {}
        for name in self.fields:
            values = [value for value in form.texts(name) if value.strip()]
            if values:
                asked[name] = values if name in self.many else values[0].strip()
        return asked


ACTS: dict[str, Act] = {
    "register_person": Act(
        _l("Register a person"),
        "",
        _l("Registered."),
        {"community": True, "name": True, "phone": False, "language": False},
    ),
    "move_in": Act(
        _l("Move in"), "", _l("Moved in."), {"person": True, "unit": True, "kind": True}
    ),
    "move_out": Act(
        _l("Move out"),
        _l("From now on they do not see what concerns this home."),
        _l("Moved out."),
        {"tenancy": True},
        shown=("person", "unit"),
        danger=True,
    ),
    "open_account": Act(
        _l("Open an account"),
        "",
        _l("The account is open."),
        {"person": True, "login": True},
        password=True,
    ),
    "set_password": Act(
        _l("Set a new password"),
        _l("All their sessions end; they log in with the new password."),
        _l("The new password holds."),
        {"account": True},
        shown=("person", "login"),
        password=True,
    ),
    "grant": Act(
        _l("Give a role"),
        "",
        _l("The role is given; it holds from the next log-in on."),
        {
            "account": True,
            "role": True,
            "community": True,
            "buildings": False,
            "team": False,
            "superior": False,
        },
        shown=("person",),
        many=("buildings",),
    ),
    "withdraw_grant": Act(
        _l("End a role"),
        _l("They lose what this role allows, within minutes."),
        _l("The role has ended."),
        {"account": True, "post": True},
        shown=("person", "role", "community"),
        danger=True,
    ),
    "forget_person": Act(
        _l("Forget this person"),
        _l("Their name, their number and every word they wrote can be read by nobody any more. "
           "This cannot be undone."),
        _l("Forgotten."),
        {"person": True},
        danger=True,
    ),
    "register_building": Act(
        _l("Register a building"),
        "",
        _l("Registered."),
        {"community": True, "code": True, "name": True},
    ),
    "register_unit": Act(
        _l("Register a home"), "", _l("Registered."), {"building": True, "code": True}
    ),
}  # fmt: skip

LABELS: dict[str, Any] = {
    "person": _l("Person"),
    "name": _l("Name"),
    "phone": _l("Phone number"),
    "language": _l("Language"),
    "unit": _l("Home"),
    "building": _l("Building"),
    "buildings": _l("Buildings"),
    "kind": _l("Lives there as"),
    "login": _l("Log-in name"),
    "role": _l("Role"),
    "community": _l("Community"),
    "superior": _l("Superior"),
    "team": _l("Team"),
    "code": _l("Code"),
}


def told(act: Act, form: Form, directory: Directory) -> list[tuple[str, str]]:
    """What stands in the form in words, without the ids that only machines need."""
    looks: dict[str, Callable[[str], str]] = {
        "person": lambda id_: directory.names([id_]).get(id_, _("somebody not known any more")),
        "superior": lambda id_: directory.names([id_]).get(id_, ""),
        "unit": lambda id_: _unit(directory, id_),
        "building": lambda id_: directory.building(id_.partition(".")[0], id_) or "",
        "buildings": lambda id_: directory.building(id_.partition(".")[0], id_) or "",
        "community": lambda id_: place(directory, id_),
        "role": lambda code: str(words.ROLES.get(code, code)),
        "kind": lambda code: str(words.TENANCIES.get(code, code)),
        "language": lambda code: NAMES.get(code, code),
    }
    found = []
    for name in (*act.shown, *act.fields):
        values = [value for value in form.texts(name) if value.strip()]
        if values and name in LABELS:
            look = looks.get(name, str)
            found.append((str(LABELS[name]), ", ".join(look(value) for value in values)))
    return found


def place(directory: Directory, community: str) -> str:
    """A community in words, the wider ones too."""
    if community == EVERY:
        return _("Every community")
    if community == "_":
        return _("The company")
    return directory.community(community).name


def _unit(directory: Directory, id_: str) -> str:
    unit = directory.unit(id_.partition(".")[0], id_)
    return unit_label(unit.building_name, unit.code) if unit is not None else _("A home")
