"""The use cases of the public work board."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from services.workorders.orders.application import ORDER
from services.workorders.orders.domain.events import WorkOrderRepaired
from services.workorders.orders.domain.refusals import NoSuchOrder
from services.workorders.orders.domain.vocabulary import DISPATCHERS
from services.workorders.orders.visibility import knows_of
from services.workorders.publication.answers import MOST_BOARDS
from services.workorders.publication.domain import (
    FINISHED,
    PUBLIC_BOARD,
    PUBLICATION,
    Flag,
    Hide,
    NotPublished,
    NotYoursToPublish,
    Publication,
    Publish,
    PublishedWork,
    Restore,
    SetBoard,
    WorkPublished,
    board_id,
    publication_id,
)
from services.workorders.publication.views.public_boards.projection import PUBLIC_BOARDS
from services.workorders.publication.views.published.projection import PUBLISHED, Row
from services.workorders.publication.views.published.queries import by_number, page
from services.workorders.register.directory import Directory
from shared.eventlog.answering import answered
from shared.eventlog.executor import EventLog
from shared.following.reader import Reader
from shared.request import Request

Data = dict[str, Any]
_ONLY = {"flagged": "flags > 0", "hidden": "hidden = :yes", None: "1 = 1"}


class _Found(Struct, frozen=True):
    """``shown``: whether the public sees it now, as the log has it and no view yet may."""

    state: Publication
    caption: str | None
    shown: bool


class Publications:
    """What the public is shown is read from the log itself: what is hidden is gone at once."""

    def __init__(self, log: EventLog, reader: Reader, directory: Directory) -> None:
        self._log = log
        self._reader = reader
        self._directory = directory

    # -- commands ----------------------------------------------------------------------------------

    def set_public_board(self, request: Request, data: Data) -> Data:
        community = data["community"]
        self._directory.timezone(community)
        answer = self._log.execute(
            PUBLIC_BOARD,
            board_id(community),
            SetBoard(by=request.caller, community=community, open=data["open"]),
            request.context,
            expected_version=request.expected_version,
        )
        return answered(self._log, answer, community=community, open=answer.state.open)

    def publish(self, request: Request, data: Data) -> Data:
        order, version = self._log.load(ORDER, data["id"])
        if not version or not knows_of(request.caller, order):
            raise NoSuchOrder(NoSuchOrder.text)
        repairs = [
            one for one in self._log.history(data["id"]) if isinstance(one.data, WorkOrderRepaired)
        ]
        command = Publish(
            by=request.caller,
            board=self._open(order.community),
            state=order.state,
            work=PublishedWork(
                order=data["id"],
                number=order.number,
                kind=order.kind,
                category=order.category,
                building=order.building,
            ),
            submitted_at=order.submitted_at,
            repaired_at=repairs[-1].meta.occurred_at if repairs else None,
            accepted_at=order.accepted_at,
            after=tuple(photo for one in repairs for photo in one.data.photos),
            photos=tuple(data["photos"]),
            caption=(data["caption"] or "").strip() or None,
        )
        return self._do(request, data["id"], command)

    def flag_published(self, request: Request, data: Data) -> Data:
        """For everybody, by way of whoever serves them."""
        return self._do(request, data["id"], Flag(reason=data["reason"]))

    def hide_published(self, request: Request, data: Data) -> Data:
        return self._do(request, data["id"], Hide(by=request.caller, reason=data["reason"]))

    def restore_published(self, request: Request, data: Data) -> Data:
        return self._do(request, data["id"], Restore(by=request.caller))

    def _do(self, request: Request, order: str, command: Any) -> Data:
        answer = self._log.execute(
            PUBLICATION,
            publication_id(order),
            command,
            request.context,
            expected_version=request.expected_version,
        )
        return answered(
            self._log, answer, id=order, number=answer.state.work.number, hidden=answer.state.hidden
        )

    # -- what everybody may see --------------------------------------------------------------------

    def public_boards(self, request: Request, data: Data) -> Data:
        behind = self._reader.wait(PUBLIC_BOARDS, request.at_least, request.patience)
        rows = self._reader.rows(PUBLIC_BOARDS, limit=MOST_BOARDS)
        return {"communities": [row.key for row in rows], "behind": behind}

    def public_works(self, request: Request, data: Data) -> Data:
        self._require_open(data["community"])
        behind = self._reader.wait(PUBLISHED, request.at_least, request.patience)
        found = page(self._reader, data)
        read = [(row, self._found(row)) for row in found.rows]
        works = [_told(row, one) for row, one in read if one.shown]
        return {"works": works, "next": found.next, "behind": behind}

    def public_work(self, request: Request, data: Data) -> Data:
        self._require_open(data["community"])
        behind = self._reader.wait(PUBLISHED, request.at_least, request.patience)
        row = by_number(self._reader, data["community"], data["number"])
        found = None if row is None else self._found(row)
        if row is None or found is None or not found.shown:
            raise NotPublished("There is no such published work.")
        return {**_told(row, found), "behind": behind}

    # -- what the staff see ------------------------------------------------------------------------

    def published(self, request: Request, data: Data) -> Data:
        """Hidden ones too, of the buildings that the caller dispatches for."""
        community = data["community"]
        self._directory.timezone(community)
        posts = [
            post
            for post in request.caller.posts
            if post.role in DISPATCHERS and post.community in (community, "*")
        ]
        if not posts:
            raise NotYoursToPublish("Only those who dispatch there see what is hidden.")
        behind = self._reader.wait(PUBLISHED, request.at_least, request.patience)
        listed = page(self._reader, data, where=_ONLY[data["only"]])
        mine = [
            row
            for row in listed.rows
            if any(post.covers(community, row.building) for post in posts)
        ]
        works = []
        for row in mine:
            found = self._found(row)
            works.append(
                {
                    **_told(row, found),
                    "hidden": found.state.hidden,
                    "shown": found.shown,
                    "flags": list(found.state.flags),
                }
            )
        return {
            "open": self._open(community),
            "works": works,
            "next": listed.next,
            "behind": behind,
        }

    def _found(self, row: Row) -> _Found:
        events = self._log.history(publication_id(row.key))
        state: Publication = PUBLICATION.fold(Publication(), events)
        order, _ = self._log.load(ORDER, row.key)
        last = next(one.data for one in events[::-1] if isinstance(one.data, WorkPublished))
        finished = order.state in FINISHED and order.accepted_at == state.accepted_at
        return _Found(state, last.caption, finished and not state.hidden)

    def _open(self, community: str) -> bool:
        return bool(self._log.load(PUBLIC_BOARD, board_id(community))[0].open)

    def _require_open(self, community: str) -> None:
        if not self._open(community):
            raise NotPublished("This community has no public work board.")


def _told(row: Row, found: _Found) -> Data:
    state = found.state
    assert state.work is not None and state.submitted_at is not None
    assert state.repaired_at is not None
    return {
        "id": row.key,
        "number": state.work.number,
        "kind": state.work.kind,
        "category": state.work.category,
        "building": state.work.building,
        "submitted_at": state.submitted_at.isoformat(),
        "repaired_at": state.repaired_at.isoformat(),
        "accepted_at": row.accepted_at.isoformat(),
        "caption": found.caption,
        "photos": list(state.photos),
    }
