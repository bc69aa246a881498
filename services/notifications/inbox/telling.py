"""Telling people of what happened, in their language, and never of what they did themselves."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID, uuid5

from services.notifications.inbox.domain import NOTIFICATION, Params, Post
from services.notifications.inbox.wording import DEFAULT_LANGUAGE
from services.notifications.register.views.people import queries as people
from services.notifications.register.views.posts.queries import holders
from shared.following.handlers import Do, Done, Retry
from shared.following.reader import Reader
from shared.messaging.envelope import Fact

SERVICE = "service:"
PAUSE_SECONDS = 0.5
MOST_TRIES = 20
_MOST_REMEMBERED = 1000


class Patience:
    """How often an event was tried: somebody just registered is soon heard of here."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, int] = OrderedDict()

    def left(self, event_id: str) -> bool:
        """Whether it is worth another try; counts this one."""
        tries = self._tries.pop(event_id, 0) + 1
        self._tries[event_id] = tries
        if len(self._tries) > _MOST_REMEMBERED:
            self._tries.popitem(last=False)
        return tries <= MOST_TRIES


_patience = Patience()


def tell(
    fact: Fact,
    reader: Reader,
    *groups: tuple[str, Iterable[str | None]],
    more: Params | None = None,
    about: str | None = None,
) -> Done | Retry:
    """Post ``(template, people)`` groups about an order; who is in two of them is told the first.

    Left out: whoever did it, services, people who were forgotten. ``more`` joins the order's
    number, kind and category as the text's parameters. ``about``: the order, where the event is not
    of its own stream.
    """
    data = fact.data
    params: Params = {"number": data["number"], "kind": data["kind"], "category": data["category"]}
    return post(fact, reader, groups, params={**params, **(more or {})}, about=about)


def tell_of_inquiry(
    fact: Fact,
    reader: Reader,
    *groups: tuple[str, Iterable[str | None]],
    more: Params | None = None,
) -> Done | Retry:
    """As ``tell``, of a suggestion, a question or praise."""
    params: Params = {"number": fact.data["number"], "kind": fact.data["kind"]}
    return post(fact, reader, groups, params={**params, **(more or {})})


def post(
    fact: Fact,
    reader: Reader,
    groups: Iterable[tuple[str, Iterable[str | None]]],
    *,
    params: Params,
    about: str | None = None,
) -> Done | Retry:
    """As ``tell``, about anything that has a number."""
    told: dict[str, str] = {}
    for template, persons in groups:
        for person in persons:
            if person is not None and person != fact.actor and not person.startswith(SERVICE):
                told.setdefault(person, template)
    languages = _languages(reader, told)
    unknown = told.keys() - languages.keys()
    if unknown and _patience.left(fact.id):
        return Retry(PAUSE_SECONDS, f"not heard yet of {', '.join(sorted(unknown))}")
    return Done(
        *(
            _posted(
                fact,
                person,
                template,
                languages.get(person, DEFAULT_LANGUAGE),
                params,
                about or fact.subject,
            )
            for person, template in told.items()
            if languages.get(person, DEFAULT_LANGUAGE) is not None
        )
    )


def dispatchers(fact: Fact, reader: Reader) -> list[str]:
    """Those who dispatch at the order's place; where nobody does, supervisors and managers."""
    place = (fact.community, fact.data["building"])
    return holders(reader, ("dispatcher",), *place) or superiors(fact, reader)


def superiors(fact: Fact, reader: Reader) -> list[str]:
    return holders(reader, ("supervisor", "manager"), fact.community, fact.data["building"])


def payers(
    resident: str, staff: str, fact: Fact, reader: Reader
) -> list[tuple[str, list[str | None]]]:
    """Who is to agree to what a quote says: the resident, the owners' committee, or the managers;
    with their templates.
    """
    if fact.data["payer"] == "owner":
        return [(resident, [fact.data["accepter"]])]
    role = "committee" if fact.data.get("answerer") == "committee" else "manager"
    template = f"{staff.removesuffix('_staff')}_committee" if role == "committee" else staff
    return [(template, [*holders(reader, (role,), fact.community, fact.data["building"])])]


def objection(fact: Fact) -> Params:
    """How long a resident may object to what staff took down for them, if they did."""
    until = fact.data.get("objection_until")
    if until is None:
        return {}
    left = datetime.fromisoformat(until) - fact.time
    return {"minutes": round(left.total_seconds() / 60)}


def _languages(reader: Reader, persons: Mapping[str, str]) -> dict[str, str | None]:
    """Known people's languages; None for those who were forgotten."""
    found: dict[str, str | None] = {}
    for person in persons:
        row = people.person(reader, person)
        if row is not None:
            found[person] = None if row.forgotten else row.language
    return found


def _posted(
    fact: Fact, person: str, template: str, language: str | None, params: Params, about: str
) -> Do:
    # One event tells one person once: the stream's id says so, however often it is tried.
    own = uuid5(UUID(fact.id), person)
    return Do(
        decider=NOTIFICATION,
        stream=f"{fact.community}.{own}",
        command=Post(
            person=person,
            template=template,
            params=params,
            language=language or DEFAULT_LANGUAGE,
            about=about,
            number=str(params["number"]),
        ),
        command_id=str(uuid5(own, template)),
    )


def tell_reporters(fact: Fact, reader: Reader, *, template: str) -> Done | Retry:
    """Tell those whose reports an incident has, each of their own."""
    told = []
    for report in fact.data["reports"]:
        outcome = post(
            fact,
            reader,
            [(template, [report["accepter"]])],
            params={
                "number": report["number"],
                "kind": fact.data["kind"],
                "category": fact.data["category"],
            },
            about=report["order"],
        )
        if isinstance(outcome, Retry):
            return outcome
        told += outcome.effects
    return Done(*told)
