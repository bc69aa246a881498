"""``python -m deploy.walk``: walk through ``docs/operations.md`` on a platform of its own, timed.

Install, upgrade, scale, back up, restore, rotate keys, follow an incident, as far as they go with
processes, a PostgreSQL and a RabbitMQ on this machine. What was done and how long it took is
printed, and with ``--write`` put into the page.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from deploy.checks.kubectl import ROOT
from deploy.walk import steps
from deploy.walk.platform import Platform

PAGE = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- walk: begin -->", "<!-- walk: end -->"


class Watch:
    """Notes what was done since the last note, and how long that took."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, float]] = []
        self.section = ""
        self._since = time.monotonic()

    def begin(self, section: str) -> None:
        self.section, self._since = section, time.monotonic()

    def __call__(self, done: str) -> None:
        now = time.monotonic()
        self.rows.append((self.section, done, now - self._since))
        print(f"walk: {self.section}: {done}: {now - self._since:.1f} s", flush=True)
        self._since = now

    def table(self) -> str:
        head = "| section | done | took |\n| --- | --- | ---: |"
        return "\n".join([head, *(f"| {a} | {b} | {c:.1f} s |" for a, b, c in self.rows)])


def main(words: list[str]) -> int:
    watch = Watch()
    with tempfile.TemporaryDirectory(prefix="wuye-walk-") as folder:
        Path(folder).chmod(0o755)
        platform = Platform(Path(folder))
        with platform.servers():
            watch.begin("install")
            steps.install(platform, watch)
            watch.begin("upgrade")
            steps.upgrade(platform, watch)
            watch.begin("scale")
            steps.scale(platform, watch)
            watch.begin("back up")
            kept = steps.back_up(platform, watch)
            watch.begin("restore")
            steps.restore(platform, kept, watch)
            watch.begin("rotate keys")
            steps.rotate(platform, watch)
            watch.begin("follow an incident")
            steps.follow(platform, watch)
    print(watch.table())
    if "--write" in words:
        before, rest = PAGE.read_text().split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{watch.table()}\n\n{END}{rest.split(END)[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
