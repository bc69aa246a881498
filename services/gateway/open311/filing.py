"""Filing a request: what GeoReport sends, as an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE

from services.gateway.frame.edge import edge
from services.gateway.open311.catalogue import split
from services.gateway.open311.desks import Desk
from shared.errors import Invalid
from shared.schemas import Schema, Text, load

_LONGEST = 4000
# of the person who reports: there is nobody whom such text could be kept for, or forgotten with
UNKEPT = ("email", "device_id", "account_id", "first_name", "last_name", "phone")


class Filed(Schema):
    """What of the specification's arguments is kept; applications may send more."""

    class Meta:
        unknown = EXCLUDE

    service_code = Text(80, required=True)
    description = Text(_LONGEST, load_default="")
    address_string = Text(500, load_default="")
    address_id = Text(100, load_default="")
    lat = Text(30, load_default="", pattern=r"-?[0-9]{1,2}(\.[0-9]{1,12})?", hint="Degrees.")
    long = Text(30, load_default="", pattern=r"-?[0-9]{1,3}(\.[0-9]{1,12})?", hint="Degrees.")
    media_url = Text(500, load_default="")
    building = Text(100, data_key="attribute[building]", load_default="")
    unit = Text(100, data_key="attribute[unit]", load_default="")


def order_of(community: str, desk: Desk, form: Mapping[str, str]) -> dict[str, Any]:
    """The request of ``workorders.submit``. Raises ``Invalid`` and ``NotFound``."""
    filed = load(Filed, {name: text for name, text in form.items() if text != ""})
    if not any(filed[name] for name in ("lat", "address_string", "address_id", "building", "unit")):
        text = "Say where: lat and long, address_string, address_id, or the service's attributes."
        raise Invalid(text, fields={"address_string": [text]})
    if bool(filed["lat"]) != bool(filed["long"]):
        raise Invalid("lat and long go together.", fields={"long": ["give both, or none"]})
    if not filed["description"].strip():
        raise Invalid("description is missing", fields={"description": ["say what it is"]})
    kind, category = split(filed["service_code"])
    return {
        "community": community,
        "kind": kind,
        "category": category,
        **_place(community, filed),
        "accepter": desk.accepter,
        "channel": "open311",
        "description": _text(filed),
    }


def unkept(form: Mapping[str, str]) -> list[str]:
    return [name for name in UNKEPT if form.get(name)]


def _place(community: str, filed: Mapping[str, str]) -> dict[str, str]:
    """By the words on doors and houses. Raises ``Invalid`` for a place that there is none of."""
    units = edge().directory.units(community).values()
    code = filed["unit"] or filed["address_id"]
    if code:
        found = [unit for unit in units if unit.code == code]
        if len(found) != 1:
            field = "attribute[unit]" if filed["unit"] else "address_id"
            raise Invalid(f"{field}: no one unit", fields={field: ["is no one unit here"]})
        return {"unit": found[0].id}
    name = filed["building"]
    if name:
        ids = {unit.building for unit in units if unit.building_name == name}
        if len(ids) != 1:
            field = "attribute[building]"
            raise Invalid(f"{field}: no such building", fields={field: ["is no building here"]})
        return {"building": ids.pop()}
    return {}


def _text(filed: Mapping[str, str]) -> str:
    """With what has no field of its own behind it. A photo elsewhere is named, never fetched."""
    parts = [filed["description"]]
    if filed["address_string"]:
        parts.append(f"[address] {filed['address_string']}")
    if filed["lat"]:
        parts.append(f"[position] {filed['lat']}, {filed['long']}")
    if filed["media_url"]:
        if urlsplit(filed["media_url"]).scheme not in ("http", "https"):
            raise Invalid("media_url is none", fields={"media_url": ["an http(s) URL is expected"]})
        parts.append(f"[photo] {filed['media_url']}")
    text = "\n".join(parts)
    if len(text) > _LONGEST:
        raise Invalid(
            "description is too long", fields={"description": [f"at most {_LONGEST} characters"]}
        )
    return text
