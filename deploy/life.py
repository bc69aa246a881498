"""One order of the demo community, from submitted to rated, and what else is said to the office."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from cli.community import COMMUNITY, PASSWORD
from cli.stack.plan import EDGE
from shared.messaging.rpc_client import RpcClient

# for the promise below any week will do: all of its time counts
_WEEK = {"mon": ["09:00-17:00"]}
_SOON = {"target": "respond", "minutes": 1, "time": "calendar", "category": "lift"}


def order(broker_url: str) -> None:
    """Raises one of `shared.errors` where a step is refused or not answered."""
    rpc = RpcClient(broker_url, source=EDGE)
    try:
        tokens = {login: _token(rpc, login) for login in ("resident1", "dispatcher", "technician1")}

        def call(login: str, method: str, **request: Any) -> dict[str, Any]:
            request |= {"command_id": str(uuid4())}
            return rpc.call("workorders", method, request, auth_token=tokens[login])

        me = rpc.call("security", "me", {}, auth_token=tokens["resident1"])
        technician = rpc.call("security", "me", {}, auth_token=tokens["technician1"])["person"]
        made = call(
            "resident1",
            "submit",
            community=COMMUNITY,
            kind="repair",
            category="plumbing",
            unit=me["homes"][0]["unit"],
            description="厨房漏水",
        )["id"]
        call("dispatcher", "dispatch", id=made, technician=technician)
        call("technician1", "repair", id=made, notes="换了垫圈")
        call("resident1", "accept", id=made)
        call("resident1", "rate", id=made, stars=5)
        call(
            "resident1",
            "submit",
            community=COMMUNITY,
            kind="complaint",
            category="noise",
            unit=me["homes"][0]["unit"],
            description="楼上装修",
        )
        call(
            "resident1",
            "submit_inquiry",
            community=COMMUNITY,
            kind="suggestion",
            text="楼道里放一张长椅",
        )
    finally:
        rpc.close()


def broken_promise(broker_url: str) -> None:
    """A lift is promised to be seen to within a minute, at any hour; nobody sees to it."""
    rpc = RpcClient(broker_url, source=EDGE)
    try:
        for login, method, request in (
            ("manager", "set_calendar", {"week": _WEEK}),
            ("manager", "set_targets", {"rules": [_SOON], "stopping": ["parts"]}),
            ("manager", "set_ladders", {"ladders": [{"steps": [{"percent": 100, "up": 1}]}]}),
            (
                "resident1",
                "submit",
                {"kind": "repair", "category": "lift", "description": "电梯停在三楼不动"},
            ),
        ):
            asked = {**request, "community": COMMUNITY, "command_id": str(uuid4())}
            rpc.call("workorders", method, asked, auth_token=_token(rpc, login))
    finally:
        rpc.close()


def _token(rpc: RpcClient, login: str) -> str:
    found = rpc.call("security", "login", {"login": login, "password": PASSWORD})
    return str(found["access_token"])
