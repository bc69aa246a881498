"""Forgetting a person takes the photos that they attached, by the command of the operator."""

from __future__ import annotations

import os
import time

from tests.integration.cli.wuye import Wuye
from tests.support.edge import Site
from tests.support.estate import soon
from tests.support.program import LEAK, photo, program


def test_what_a_forgotten_person_attached_is_thrown_away(site: Site) -> None:
    admin, manager = program(site, "admin"), program(site, "manager")
    body = {"name": "访客 甲", "phone": "13900000000"}
    person = manager.post("/communities/lakeside/people", body).json()["id"]
    account = {"login": "photo-guest", "password": "long enough"}
    opened = admin.post(f"/people/{person}/accounts", account).json()["id"]
    unit = program(site, "resident1").get("/me").json()["homes"][0]["unit"]
    manager.post(f"/people/{person}/tenancies", {"unit": unit, "kind": "tenant"})
    admin.post(f"/accounts/{opened}/posts", {"role": "resident", "community": "lakeside"})
    guest = program(site, "photo-guest", "long enough")
    own, shared = (guest.upload(photo(colour)).json()["photo"] for colour in ("gold", "plum"))
    mine = {**LEAK, "photos": [own, shared]}
    soon("the guest is known", lambda: guest.post("/orders", mine).status_code == 201)
    program(site, "resident1").post("/orders", {**LEAK, "photos": [shared]})

    folder = site.folder / "photos"
    for file in folder.rglob("*.jpg"):
        an_hour_ago = time.time() - 3600
        os.utime(file, (an_hour_ago, an_hour_ago))
    wuye = Wuye(site.folder)
    wuye("photos")
    assert len(list(folder.rglob(f"{own[:64]}*"))) == 2
    assert admin.post(f"/people/{person}/forget").status_code == 200

    def gone() -> bool:
        wuye("photos")
        return not list(folder.rglob(f"{own[:64]}*"))

    soon("their photo is gone", gone, 40.0)
    assert len(list(folder.rglob(f"{shared[:64]}*"))) == 2
