"""People: registered once, spoken to in their language, forgotten when the law asks for it."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct
from msgspec.structs import replace

from services.security.register.domain.events import PersonForgotten, PersonRegistered
from services.security.register.domain.places import AlreadyRegistered, no_such
from shared.errors import Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.privacy.personal import Personal


class Forgotten(Refused):
    """The person was forgotten; nothing can be kept about them any more."""


class Person(Struct, frozen=True, kw_only=True):
    person: str | None = None
    community: str = ""
    name: Annotated[str | None, Personal("person")] = None
    phone: Annotated[str | None, Personal("person")] = None
    language: str = ""
    forgotten: bool = False

    @property
    def standing(self) -> str:
        """known, unknown or forgotten."""
        if self.forgotten:
            return "forgotten"
        return "unknown" if self.person is None else "known"


class RegisterPerson(Struct, frozen=True, kw_only=True):
    """``known``: whether the community is registered."""

    person: str
    community: str
    name: str
    phone: str | None
    language: str
    known: bool


class ForgetPerson(Struct, frozen=True, kw_only=True):
    pass


def check_standing(standing: str) -> None:
    """Raises ``NotFound`` for an unknown person, ``Forgotten`` for a forgotten one."""
    if standing == "unknown":
        raise no_such("person", "person")
    if standing == "forgotten":
        raise Forgotten("This person was forgotten; register them anew if they are back.")


def decide(
    command: RegisterPerson | ForgetPerson, state: Person, _meta: Meta
) -> list[PersonRegistered | PersonForgotten]:
    match command:
        case RegisterPerson():
            if state.person is not None:
                raise AlreadyRegistered("This person is registered already.")
            if not command.known:
                raise no_such("community", "community")
            return [
                PersonRegistered(
                    person=command.person,
                    community=command.community,
                    name=command.name,
                    phone=command.phone,
                    language=command.language,
                )
            ]
        case ForgetPerson():
            if state.person is None:
                raise no_such("person", "person")
            if state.forgotten:
                return []
            return [PersonForgotten(person=state.person, community=state.community)]


def evolve(state: Person, event: Any, _meta: Meta) -> Person:
    match event:
        case PersonRegistered():
            return Person(
                person=event.person,
                community=event.community,
                name=event.name,
                phone=event.phone,
                language=event.language,
            )
        case PersonForgotten():
            return replace(state, name=None, phone=None, forgotten=True)
    return state


PERSON = Decider("person", Person, decide, evolve)
