"""One row a person: their skills and certificates. No certificate's number, so nothing to seal."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from services.workorders.staff.domain.record import Certificate
from services.workorders.staff.domain.vocabulary import Skill
from shared.following.view import View
from shared.messaging.envelope import Fact


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """``community`` is the one the person is registered with; ``_`` is the company."""

    key: str
    community: str
    skills: dict[Skill, int]
    certificates: tuple[Certificate, ...]


def key(fact: Fact) -> str:
    return str(fact.data["person"])


def evolve(row: Row | None, fact: Fact) -> Row:
    data = fact.data
    row = row or Row(key=data["person"], community=fact.community, skills={}, certificates=())
    match fact.type:
        case "SkillRecorded":
            return replace(row, skills={**row.skills, data["skill"]: data["level"]})
        case "SkillWithdrawn":
            left = {name: level for name, level in row.skills.items() if name != data["skill"]}
            return replace(row, skills=left)
        case "CertificateRecorded":
            fields = Certificate.__struct_fields__
            held = msgspec.convert({name: data[name] for name in fields}, Certificate)
            return replace(row, certificates=(*row.certificates, held))
        case "CertificateWithdrawn":
            gone = data["certificate"]
            kept = tuple(one for one in row.certificates if one.certificate != gone)
            return replace(row, certificates=kept)
    return row


TECHNICIANS = View(
    name="technicians",
    build=1,
    follows="workorders",
    handles={
        "SkillRecorded": 1,
        "SkillWithdrawn": 1,
        "CertificateRecorded": 1,
        "CertificateWithdrawn": 1,
    },
    row=Row,
    key=key,
    evolve=evolve,
)
