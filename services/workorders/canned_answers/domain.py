"""The canned answers of a community: kept by its supervisors and managers, one stream a community.

They are the company's words, of nobody in particular, so nothing here is personal text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal, get_args
from uuid import UUID, uuid5

from msgspec import Struct
from msgspec.structs import replace

from services.workorders.orders.domain.categories import CATEGORIES
from services.workorders.orders.domain.values import invalid, one_of, text
from services.workorders.orders.domain.vocabulary import CHECKERS, KINDS, STATES, Kind, State
from shared.errors import Forbidden, NotFound, Refused
from shared.eventlog.decider import Decider
from shared.eventlog.records import Meta
from shared.identity.caller import Caller

# the form they are offered in
Use = Literal["decline", "pause", "answer_rating", "comment"]
Language = Literal["zh-CN", "en"]
USES: tuple[Use, ...] = get_args(Use)
LANGUAGES: tuple[Language, ...] = get_args(Language)
MOST_KEPT = 200
_NAMESPACE = UUID("d8b4f7c3-64c1-5e1d-b0c5-8f0f9a2e7d35")


def canned_answers_id(community: str) -> str:
    """The stream of a community's canned answers."""
    return f"{community}.{uuid5(_NAMESPACE, community)}"


class Wording(Struct, frozen=True, kw_only=True):
    language: Language
    text: str


class CannedAnswerKept(Struct, frozen=True, kw_only=True):
    """A new one, or one that says something else now. ``kind``, ``category`` and ``state`` None:
    for every one.
    """

    community: str
    answer: str
    use: Use
    kind: Kind | None
    category: str | None
    state: State | None
    wordings: tuple[Wording, ...]


class CannedAnswerWithdrawn(Struct, frozen=True, kw_only=True):
    community: str
    answer: str


EVENTS: dict[str, tuple[int, type]] = {
    "CannedAnswerKept": (1, CannedAnswerKept),
    "CannedAnswerWithdrawn": (1, CannedAnswerWithdrawn),
}
UPCASTERS: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


class NotTheirKeeper(Forbidden):
    """Only supervisors and managers of the community keep its canned answers."""


class NoSuchAnswer(NotFound):
    text: ClassVar[str] = "There is no such canned answer."


class TooManyAnswers(Refused):
    """The community keeps as many as it may."""


class CannedAnswers(Struct, frozen=True, kw_only=True):
    """In the order in which they were first kept."""

    kept: tuple[CannedAnswerKept, ...] = ()


class Keep(Struct, frozen=True, kw_only=True):
    """``new``: it is none of those kept before."""

    by: Caller
    community: str
    answer: str
    new: bool
    use: str
    kind: str | None
    category: str | None
    state: str | None
    wordings: tuple[tuple[str, str], ...]


class Withdraw(Struct, frozen=True, kw_only=True):
    by: Caller
    community: str
    answer: str


def decide(
    command: Keep | Withdraw, state: CannedAnswers, _meta: Meta
) -> list[CannedAnswerKept | CannedAnswerWithdrawn]:
    """Keeping again what is kept adds nothing. Raises the errors above or ``Invalid``."""
    if command.by.roles(command.community).isdisjoint(CHECKERS):
        raise NotTheirKeeper("Only supervisors and managers keep a community's canned answers.")
    before = next((one for one in state.kept if one.answer == command.answer), None)
    match command:
        case Keep():
            kept = _kept(command)
            if before is None and not command.new:
                raise NoSuchAnswer(NoSuchAnswer.text)
            if before is None and len(state.kept) >= MOST_KEPT:
                raise TooManyAnswers(f"At most {MOST_KEPT} are kept: withdraw one first.")
            return [] if kept == before else [kept]
        case Withdraw():
            if before is None:
                raise NoSuchAnswer(NoSuchAnswer.text)
            return [CannedAnswerWithdrawn(community=command.community, answer=command.answer)]


def _kept(command: Keep) -> CannedAnswerKept:
    kind = None if command.kind is None else one_of(command.kind, KINDS, "kind")
    category = command.category
    if category is not None:
        if kind is None:
            raise invalid("kind", "A category needs its kind.")
        category = one_of(category, CATEGORIES[kind], "category")
    if not command.wordings:
        raise invalid("wordings", "At least one text is needed.")
    wordings = tuple(
        Wording(
            language=one_of(language, LANGUAGES, f"wordings.{at}.language"),
            text=text(words, f"wordings.{at}.text"),
        )
        for at, (language, words) in enumerate(command.wordings)
    )
    if len({one.language for one in wordings}) < len(wordings):
        raise invalid("wordings", "One text a language, please.")
    return CannedAnswerKept(
        community=command.community,
        answer=command.answer,
        use=one_of(command.use, USES, "use"),
        kind=kind,
        category=category,
        state=None if command.state is None else one_of(command.state, STATES, "state"),
        wordings=wordings,
    )


def evolve(state: CannedAnswers, event: Any, _meta: Meta) -> CannedAnswers:
    match event:
        case CannedAnswerKept():
            names = [one.answer for one in state.kept]
            if event.answer not in names:
                return replace(state, kept=(*state.kept, event))
            at = names.index(event.answer)
            return replace(state, kept=(*state.kept[:at], event, *state.kept[at + 1 :]))
        case CannedAnswerWithdrawn():
            left = tuple(one for one in state.kept if one.answer != event.answer)
            return replace(state, kept=left)
    return state


def fits(
    one: CannedAnswerKept,
    *,
    use: str | None,
    kind: str | None,
    category: str | None,
    state: str | None,
) -> bool:
    """Whether it is for such an order; None asks for every one."""
    return (
        use in (None, one.use)
        and (kind is None or one.kind in (None, kind))
        and (category is None or one.category in (None, category))
        and (state is None or one.state in (None, state))
    )


def narrowness(one: CannedAnswerKept) -> int:
    """How little it is for: those made for just this come first."""
    return sum(each is not None for each in (one.kind, one.category, one.state))


CANNED_ANSWERS = Decider("canned_answers", CannedAnswers, decide, evolve)
