"""The RPC methods of the public work board."""

from __future__ import annotations

from typing import Any

from services.workorders.publication import answers as pa
from services.workorders.publication import schemas as ps
from services.workorders.publication.application import Publications
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class PublicationMethods(Methods):
    @property
    def publications(self) -> Publications:
        found: Publications = self.gate.parts.applications["publications"]
        return found

    @method(ps.SetPublicBoard, pa.BoardSet)
    def set_public_board(self, request: Request, data: Data) -> Data:
        return self.publications.set_public_board(request, data)

    @method(ps.Publish, pa.PublicationDone)
    def publish(self, request: Request, data: Data) -> Data:
        return self.publications.publish(request, data)

    @method(ps.WithReason, pa.PublicationDone)
    def flag_published(self, request: Request, data: Data) -> Data:
        return self.publications.flag_published(request, data)

    @method(ps.WithReason, pa.PublicationDone)
    def hide_published(self, request: Request, data: Data) -> Data:
        return self.publications.hide_published(request, data)

    @method(ps.Restore, pa.PublicationDone)
    def restore_published(self, request: Request, data: Data) -> Data:
        return self.publications.restore_published(request, data)

    @method(ps.PublicBoards, pa.PublicBoards, public=True)
    def public_boards(self, request: Request, data: Data) -> Data:
        return self.publications.public_boards(request, data)

    @method(ps.PublicWorks, pa.PublicWorks, public=True)
    def public_works(self, request: Request, data: Data) -> Data:
        return self.publications.public_works(request, data)

    @method(ps.PublicWork, pa.OnePublicWork, public=True)
    def public_work(self, request: Request, data: Data) -> Data:
        return self.publications.public_work(request, data)

    @method(ps.Published, pa.Published)
    def published(self, request: Request, data: Data) -> Data:
        return self.publications.published(request, data)
