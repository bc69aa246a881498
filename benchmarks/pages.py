"""Fifty people of five roles at the pages of the stack: with time to think, and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.figures import Figures
from benchmarks.ours import Way
from benchmarks.platform import Platform
from benchmarks.processes import Meter
from benchmarks.programs import Program
from benchmarks.scale import Scale
from cli import community

# role: how many of the fifty
USERS = {"resident": 30, "technician": 8, "dispatcher": 5, "manager": 4, "auditor": 3}
# what people take to read a page, in seconds
THINK = (1.0, 3.0)
# orders are there before anybody looks
FILL_SECONDS = 2.0
WAYS = {"think": THINK, "rush": (0.0, 0.0)}


def measure(
    platform: Platform, scale: Scale, figures: Figures, tell: Callable[[str], None]
) -> None:
    Way(platform.ours, "each").run(8, min(FILL_SECONDS, scale.seconds))
    client = Program("benchmarks.load.pages", log=platform.ours.folder / "pages.log")
    try:
        users = _users()
        found = client.ask("enter", port=platform.port, users=users, password=community.PASSWORD)
        _put("enter", found, figures)
        tell(f"{len(users)} people logged in in {found['seconds']:.1f} s")
        for way, think in WAYS.items():
            meter = Meter(platform.groups())
            limit = scale.page_seconds + 60
            found = client.ask("use", seconds=scale.page_seconds, think=think, limit=limit)
            _put(way, found, figures)
            figures.put(
                **{
                    f"pages_{way}_cpu_percent_{name}": 100 * used / found["seconds"]
                    for name, used in meter.seconds().items()
                    if name != "client"
                }
            )
            tell(
                f"{way}: {found['pages'] / found['seconds']:.1f} pages/s, p95 "
                f"{found['all']['p95']:.0f} ms, {sum(found['errors'].values())} errors"
            )
    finally:
        client.close()
    figures.put(pages_users=len(users), pages_seconds=scale.page_seconds)


def _put(way: str, found: dict[str, Any], figures: Figures) -> None:
    stem = f"pages_{way}"
    figures.put(
        **{
            f"{stem}_per_second": found["pages"] / found["seconds"],
            f"{stem}_pages": found["pages"],
            f"{stem}_errors": sum(found["errors"].values()),
            f"{stem}_error_kinds": "; ".join(f"{n} × {w}" for w, n in found["errors"].items()),
            **{f"{stem}_{name}_ms": value for name, value in found["all"].items()},
        }
    )
    for kind, told in found["kinds"].items():
        name = kind.replace(": ", "_").replace(" ", "_")
        figures.put(
            **{
                f"{stem}_of_{name}_{key}{'' if key == 'count' else '_ms'}": value
                for key, value in told.items()
            }
        )


def _users() -> list[tuple[str, str]]:
    """Several people may share a log-in, each in a browser of their own."""
    found = []
    for role, count in USERS.items():
        logins = [one.login for one in community.MEMBERS if one.role == role]
        found += [(logins[at % len(logins)], role) for at in range(count)]
    return found
