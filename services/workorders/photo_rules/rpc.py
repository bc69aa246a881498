"""The RPC methods of photo rules."""

from __future__ import annotations

from typing import Any

from services.workorders.photo_rules import answers as pra
from services.workorders.photo_rules import schemas as prs
from services.workorders.photo_rules.application import PhotoRules
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class PhotoRuleMethods(Methods):
    @property
    def photos(self) -> PhotoRules:
        found: PhotoRules = self.gate.parts.applications["photo_rules"]
        return found

    @method(prs.SetPhotoRule, pra.PhotoRuleDone)
    def set_photo_rule(self, request: Request, data: Data) -> Data:
        return self.photos.set_rule(request, data)

    @method(prs.OfCommunity, pra.PhotoRules)
    def photo_rules(self, request: Request, data: Data) -> Data:
        return self.photos.rules(request, data)
