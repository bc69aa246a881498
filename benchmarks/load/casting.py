"""The demo community's people in their parts."""

from __future__ import annotations

from collections.abc import Mapping

from benchmarks.load.lifecycle import Cast
from cli import community
from cli.community import Registered


def cast_of(registered: Registered, tokens: Mapping[str, str]) -> Cast:
    people, units = registered.people, registered.units
    technicians = [one.login for one in community.STAFF if one.role == "technician"]
    return Cast(
        community=community.COMMUNITY,
        residents=[
            [people[one.login], units[one.unit], one.login]
            for one in community.RESIDENTS
            if one.unit is not None
        ],
        technicians=[[people[login], login] for login in technicians],
        dispatcher=[people["dispatcher"], "dispatcher"],
        tokens=dict(tokens),
    )
