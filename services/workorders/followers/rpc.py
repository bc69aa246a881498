"""The RPC methods of following an order."""

from __future__ import annotations

from typing import Any

from services.workorders.followers import answers as fa
from services.workorders.followers import schemas as fs
from services.workorders.followers.application import Following
from shared.hosting.rpc import Methods, method
from shared.request import Request

Data = dict[str, Any]


class FollowerMethods(Methods):
    @property
    def following(self) -> Following:
        found: Following = self.gate.parts.applications["following"]
        return found

    @method(fs.OnOrder, fa.Followed, batchable=True)
    def follow(self, request: Request, data: Data) -> Data:
        return self.following.follow(request, data)

    @method(fs.OnOrder, fa.Followed, batchable=True)
    def unfollow(self, request: Request, data: Data) -> Data:
        return self.following.unfollow(request, data)

    @method(fs.Followed, fa.FollowedOrders)
    def followed(self, request: Request, data: Data) -> Data:
        return self.following.followed(request, data)
