"""The register on its pages: people, homes, accounts and roles, each step confirmed."""

from __future__ import annotations

from uuid import uuid4

from tests.support.browser import Browser, Form, Page
from tests.support.edge import Site, order_path, shows
from tests.support.estate import soon


def confirmed(browser: Browser, form: Form, **typed: str) -> Page:
    asked = browser.send(form, **typed)
    assert asked.status == 200 and "Yes, do it" in asked.response.text, asked.text
    return asked


def test_a_person_is_registered_moves_in_and_gets_an_account_and_a_role(site: Site) -> None:
    admin = site.person("admin")
    login, name = f"new{uuid4().hex[:8]}", "新住户"

    asked = confirmed(
        admin, admin.get("/admin/people").form("/admin/do/register_person"), name=name
    )
    assert name in asked.text
    person = admin.send(asked.form("/admin/do/register_person"))
    path = order_path(person)
    soon("registered", lambda: name in admin.get(path).headings)

    move = admin.get(path).form("/admin/do/move_in")
    unit = next(value for label, value in move.choices["unit"].items() if "2-302" in label)
    asked = confirmed(admin, move, unit=unit, kind="tenant")
    assert "2-302" in asked.text and "Tenant" in asked.text
    admin.send(asked.form("/admin/do/move_in"))

    asked = confirmed(admin, admin.get(path).form("/admin/do/open_account"), login=login)
    short = admin.send(asked.form("/admin/do/open_account"), password="short")
    assert short.status == 400 and "password" in short.form("/admin/do/open_account").faults
    admin.send(short.form("/admin/do/open_account"), password="long enough")

    page = shows(admin, path, login)
    asked = confirmed(admin, page.form("/admin/do/grant"), role="resident", community="lakeside")
    admin.send(asked.form("/admin/do/grant"))
    soon("granted", lambda: admin.get(path).has_form("/admin/do/withdraw_grant"))

    resident = site.browser()
    assert resident.log_in(login, "long enough").path == "/orders"
    assert resident.get("/report").status == 200

    asked = confirmed(admin, admin.get(path).form("/admin/do/withdraw_grant"))
    admin.send(asked.form("/admin/do/withdraw_grant"))
    soon("ended", lambda: "Holds no role" in admin.get(path).text)


def test_nothing_is_done_before_it_is_confirmed(site: Site) -> None:
    admin = site.person("admin")
    form = admin.get("/admin/homes").form("/admin/do/register_unit")
    code = f"9-{uuid4().hex[:4]}"
    asked = confirmed(admin, form, building=form.choice_at("building", 1), code=code)
    assert code not in admin.get("/admin/homes").text
    admin.send(asked.form("/admin/do/register_unit"))
    shows(admin, "/admin/homes", code)


def test_a_manager_cannot_give_an_admins_role(site: Site) -> None:
    manager = site.person("manager")
    people = manager.get("/admin/people?search=王秀英")
    (path,) = [one["href"] for one in people.all("a") if "/admin/people/" in one.get("href", "")]
    page = manager.get(path)
    asked = confirmed(manager, page.form("/admin/do/grant"), role="admin", community="lakeside")
    assert manager.send(asked.form("/admin/do/grant")).status == 403
