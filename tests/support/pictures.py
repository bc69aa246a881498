"""``python -m tests.support.pictures``: take the pictures of docs/pages.md anew.

Starts the platform on an empty folder, lets a morning happen there by the pages alone, and looks.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from cli.crew import ZONE
from tests.integration.cli.wuye import ROOT, Wuye
from tests.support.chromium import DESKTOP, PHONE, Window, launched
from tests.support.edge import Site, order_path
from tests.support.estate import soon

FOLDER = ROOT / "docs" / "images"
# PNG files above this weigh on everybody who reads the docs
MOST_BYTES = 150_000
# a palette is enough for what is mostly of one colour
COLOURS = 192
LATE = (
    (4, "complaint", "hygiene", "2号楼门口的垃圾没有清运。"),
    (2, "repair", "public_area", "3层楼道灯不亮。"),
    (1, "repair", "door_lock", "单元门关不上。"),
)
INQUIRIES = (
    ("suggestion", "建议在东门加装一盏路灯，晚上太暗了。"),
    ("question", "地下车位什么时候可以续费？"),
    ("praise", "马师傅上门很快，谢谢。"),
)
REPORTS = (
    ("resident1", "plumbing", "厨房水龙头滴水，关不紧。", "马师傅"),
    ("resident3", "electrical", "客厅的灯一闪一闪的。", "马师傅"),
    ("resident7", "door_lock", "入户门锁打不开，钥匙拧不动。", "马师傅"),
    ("resident8", "heating", "The radiator in the bedroom stays cold.", None),
    ("resident10", "lift", "2号楼电梯有异响。", "马师傅"),
    ("resident12", "wall_ceiling", "卫生间天花板有水渍。", None),
    ("resident3", "appliance", "洗衣机进水很慢。", "马师傅"),
    ("resident10", "plumbing", "洗手盆下水很慢。", "马师傅"),
)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        wuye = Wuye(Path(folder))
        with wuye.running(), launched(playwright) as browser:
            site = Site(json.loads((wuye.folder / "edge.json").read_text())["url"])
            paths = _morning(site)
            _beside(site, paths)
            _look(browser, site, paths)
            _look_behind(browser, site, paths)
    heavy = [one.name for one in FOLDER.glob("*.png") if one.stat().st_size > MOST_BYTES]
    assert not heavy, heavy


def _morning(site: Site) -> list[str]:
    """Some reports, most of them with somebody on the way, the first one done."""
    paths = []
    for login, category, description, technician in REPORTS:
        path = order_path(site.report(login, category=category, description=description))
        paths.append(path)
        if technician is not None:
            _dispatch(site, path, technician)
    worker = site.person("technician1", "zh-CN")
    worker.send(worker.get(paths[0]).form("/start"))
    done = {"notes": "换了垫圈，试水不漏。", "minutes": "25", "material_name": ["垫圈", "", ""]}
    worker.send(worker.get(paths[0]).form("/repair"), **done)
    worker.send(worker.get(paths[1]).form("/start"))
    lines = {
        "line_kind": ["material", "labour", "material", "material"],
        "line_what": ["门锁锁芯", "上门安装", "", ""],
        "line_quantity": ["1", "1", "", ""],
        "line_price": ["85", "60", "", ""],
    }
    worker.send(worker.get(paths[2]).form("/quote"), **lines)
    return paths


def _beside(site: Site, paths: list[str]) -> None:
    """What else there is on such a morning: late work, outages, inquiries, bills, visits."""
    here = {"community": "lakeside"}
    orders = [_of(site, path) for path in paths]
    accepter = site.ask("supervisor", "security.me")["person"]
    for days, kind, category, words in LATE:
        report = {"kind": kind, "category": category, "description": words, "channel": "phone"}
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        site.tell(
            "dispatcher", "workorders.submit", **here, **report, accepter=accepter, occurred_at=at
        )
    notice = "1号楼今天停水检修，预计傍晚恢复。"
    site.tell(
        "dispatcher", "workorders.open_incident", **here, category="plumbing",
        buildings=[orders[0]["building"]], notice=notice, expected_end=_in(hours=5),
    )  # fmt: skip
    for kind, words in INQUIRIES:
        site.tell("resident3", "workorders.submit_inquiry", **here, kind=kind, text=words)
    site.tell("technician1", "workorders.offer_visits", id=orders[6]["id"], windows=_windows())
    site.agreed(paths[7], 12800, "resident10")
    _finished(site, orders[7], charge_fen=12800)
    site.tell("manager", "workorders.set_public_board", **here, open=True)
    site.tell("resident10", "workorders.rate", id=orders[7]["id"], stars=2, comment="等了半天。")
    caption = "已疏通并试用正常。"
    site.tell("dispatcher", "workorders.publish", id=orders[7]["id"], caption=caption)


def _finished(site: Site, order: dict[str, Any], **more: Any) -> None:
    site.tell("technician1", "workorders.repair", id=order["id"], notes="已处理。", **more)
    site.tell("resident10", "workorders.accept", id=order["id"])


def _of(site: Site, path: str) -> dict[str, Any]:
    number = path.rpartition("/")[2]
    return site.ask("manager", "workorders.get", community="lakeside", number=number)


def _windows() -> list[dict[str, str]]:
    """The technician's next two days, but for Sundays: mornings, and an afternoon."""
    days = [datetime.now(ZONE).date() + timedelta(days=after) for after in range(1, 4)]
    first, second = [day for day in days if day.weekday() != 6][:2]
    begins = [datetime.combine(day, time(hour), ZONE) for day, hour in
              ((first, 9), (first, 14), (second, 9))]  # fmt: skip
    return [
        {"starts": at.isoformat(), "ends": (at + timedelta(hours=2)).isoformat()} for at in begins
    ]


def _in(**after: int) -> str:
    return (datetime.now(UTC) + timedelta(**after)).isoformat()


def _dispatch(site: Site, path: str, technician: str) -> None:
    dispatcher = site.person("dispatcher")

    def listed() -> Any:
        form = dispatcher.get(path).form("/dispatch")
        return form if technician in form.choices["technician"] else None

    form = soon("the technician is listed", listed)
    dispatcher.send(form, technician=form.choice("technician", technician))


def _look(browser: Browser, site: Site, paths: list[str]) -> None:
    with _opened(browser, site, "resident1", "resident-report", PHONE) as one:
        one.go("/report").locator("[name=category][value=plumbing]").check()
        one.page.locator(".for-plumbing").scroll_into_view_if_needed()
    with _opened(browser, site, "resident1", "resident-accept", PHONE) as one:
        one.go(paths[0]).locator("[name=stars][value='5']").check()
    with _opened(browser, site, "resident7", "resident-quote", PHONE) as one:
        one.go(paths[2]).locator("form[action$='/accept_quote']").scroll_into_view_if_needed()
    with _opened(browser, site, "technician1", "technician-work", PHONE) as one:
        one.go("/work").locator("button.star").last.click()
        one.page.locator("#starred").wait_for()
    with _opened(browser, site, "technician1", "technician-offline", PHONE, dark=True) as one:
        one.go(paths[4])
        one.context.set_offline(True)
        one.page.locator("form[action$='/start'] button.wide").click()
        one.page.locator("#queue li").wait_for()
    for login, name, path in (
        ("dispatcher", "dispatcher", "/board"),
        ("manager", "manager", "/figures/efficiency"),
        ("manager", "levels", "/levels/calendar"),
    ):
        with _opened(browser, site, login, name, DESKTOP) as one:
            one.go(path)
    with _opened(browser, site, "auditor", "auditor", DESKTOP, language="en") as one:
        one.go(f"/audit{paths[0]}")
    with _opened(browser, site, "dispatcher", "signs", DESKTOP) as one:
        one.go("/signs?of=1号楼")
        sign = one.page.locator(".sign a").nth(1).get_attribute("href")
    with _opened(browser, site, None, "public-report", PHONE) as one:
        one.go(str(sign))
    with _opened(browser, site, None, "public-receipt", PHONE, language="en") as one:
        one.go(str(sign)).locator("[name=category][value=lift]").check()
        one.page.locator("textarea").fill("The lift makes noises.")
        one.page.locator("form.card button.wide").click()
        one.page.locator(".receipt").wait_for()


def _look_behind(browser: Browser, site: Site, paths: list[str]) -> None:
    """The pages that people of one role have for themselves."""
    with _opened(browser, site, "resident3", "resident-visit", PHONE) as one:
        one.go(paths[6]).locator("form[action$='/choose_visit']").scroll_into_view_if_needed()
    with _opened(browser, site, "accountant", "accountant", DESKTOP) as one:
        one.go("/bills/arrears")
    with _opened(browser, site, "guard", "guard", PHONE, dark=True) as one:
        one.go("/calls").locator("#wanted").fill("138 0000 0012")
        one.page.locator("form .search button").click()
        one.page.wait_for_load_state("networkidle")
    for login, name, path in (
        ("supervisor", "at-risk", "/board/at-risk"),
        ("supervisor", "teams", "/teams"),
        ("manager", "dispatching", "/dispatching"),
        ("dispatcher", "incidents", "/incidents"),
    ):
        with _opened(browser, site, login, name, DESKTOP) as one:
            one.go(path)
    for login, name, path in (
        ("dispatcher", "inquiries", "/inquiries"),
        (None, "works", "/works/lakeside"),
    ):
        with _opened(browser, site, login, name, PHONE) as one:
            one.go(path)
    for login, name, path in (
        ("committee", "committee", "/figures/efficiency"),
        ("admin", "admin", "/admin/people"),
    ):
        with _opened(browser, site, login, name, DESKTOP, language="en", dark=True) as one:
            one.go(path)


@contextmanager
def _opened(
    browser: Browser, site: Site, login: str | None, name: str, size: dict[str, int], **how: Any
) -> Iterator[Window]:
    """A window, of which a picture is taken in the end."""
    one = Window(browser, site, login, size=size, **{"language": "zh-CN", **how})
    yield one
    file = FOLDER / f"{name}.png"
    one.page.screenshot(path=file)
    one.close()
    with Image.open(file) as whole:
        few = whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(file, optimize=True)


if __name__ == "__main__":
    main()
