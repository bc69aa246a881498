"""The RPC methods of attached photos."""

from __future__ import annotations

from typing import Any

from services.workorders.photos import answers as pictured
from services.workorders.photos import schemas as pictures
from services.workorders.photos.application import Photos
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class PhotoMethods(Methods):
    @property
    def photo_files(self) -> Photos:
        found: Photos = self.gate.parts.applications["photos"]
        return found

    @method(pictures.AttachedPhotos, pictured.AttachedPhotos)
    def attached_photos(self, request: Request, data: Data) -> Data:
        return self.photo_files.attached_photos(request, data)
