"""What can be reported, and what is asked about it."""

from __future__ import annotations

from typing import Any

from services.gateway.frame import words
from services.gateway.frame.edge import edge
from shared.errors import NotFound

Record = dict[str, Any]


def services() -> list[Record]:
    return [
        {
            "service_code": f"{kind}.{category}",
            "service_name": str(name),
            "description": f"{words.KINDS[kind]}: {name}",
            "metadata": True,
            "type": "realtime",
            "keywords": f"{kind},{category}",
            "group": str(words.KINDS[kind]),
        }
        for kind, categories in words.CATEGORIES.items()
        for category, name in categories.items()
    ]


def split(service_code: str) -> tuple[str, str]:
    """Kind and category. Raises ``NotFound``."""
    kind, _, category = service_code.partition(".")
    if category not in words.CATEGORIES.get(kind, {}):
        raise NotFound("service_code was not found")
    return kind, category


def definition(community: str, service_code: str) -> Record:
    """Where it is, for that is what helps: no community here is known by coordinates."""
    split(service_code)
    buildings = edge().directory.buildings(community)
    return {
        "service_code": service_code,
        "attributes": [
            {
                "variable": True,
                "code": "building",
                "datatype": "singlevaluelist",
                "required": False,
                "datatype_description": "Leave it out for the common ground.",
                "order": 1,
                "description": "Which building is it in?",
                "values": [{"key": name, "name": name} for name in buildings.values()],
            },
            {
                "variable": True,
                "code": "unit",
                "datatype": "string",
                "required": False,
                "datatype_description": "The number on the door, such as 1-101.",
                "order": 2,
                "description": "Which unit is it in?",
                "values": [],
            },
        ],
    }
