"""The list of bills, one bill with the way to it, and what is owed by unit."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for

from services.gateway.frame import formats
from services.gateway.frame.communities import chosen, holding
from services.gateway.frame.directory import Community
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import COMMAND, Form
from services.gateway.frame.navigation import BOOKS
from services.gateway.orders import places
from services.gateway.orders.typed import NEEDED, fen
from services.gateway.rpc.problems import STATUS
from services.gateway.sessions.calls import command, query
from services.gateway.sessions.visitor import Visitor, the_visitor
from shared.errors import Invalid, WuyeError

Data = dict[str, Any]
PAGE = 30
TABS = ("open", "settled", "all")
# who may do what to a bill, as billing has it; shown by it here, held there
PAYS = frozenset({"accountant"})
VOIDS = frozenset({"accountant", "manager"})
DONE = ("pay", "void")

blueprint = Blueprint("bills", __name__, template_folder="templates")


@blueprint.get("/bills")
def index() -> Any:
    """Everybody's own; for who keeps books all of their places."""
    who = the_visitor()
    books = keeps_books(who)
    tab = request.args.get("tab", "open" if books else "all")
    ask: Data = {"limit": PAGE}
    if tab in ("open", "settled"):
        ask["state"] = tab
    if not books:
        ask["payer"] = who.person
    for name in ("community", "unit"):
        if books and request.args.get(name):
            ask[name] = request.args[name]
    if request.args.get("cursor", "").isdigit():
        ask["cursor"] = int(request.args["cursor"][:15])
    page = query("billing", "list", ask)
    names = edge().directory.names(bill["payer"] for bill in page["bills"]) if books else {}
    return render_template(
        "bills/index.html",
        bills=[shown(bill, names) for bill in page["bills"]],
        next=page["next"],
        late_now=page["behind"],
        tab=tab if tab in TABS else "all",
        books=books,
        community=ask.get("community"),
        unit=ask.get("unit"),
        place=_unit(ask.get("community"), ask.get("unit")),
    )


@blueprint.get("/bills/arrears")
def arrears() -> Any:
    who = holding(BOOKS, "What others owe is for who keeps the books.")
    communities, community = chosen(who, BOOKS)
    found = query("billing", "arrears", {"community": community.id})
    return render_template(
        "bills/arrears.html",
        communities=communities,
        community=community,
        zone=community.zone,
        units=[{**one, "label": _owing(community, one)} for one in found["units"]],
        total=found["outstanding_fen"],
        count=found["bills"],
        more=found["more"],
        late_now=found["behind"],
    )


@blueprint.get("/bills/<community>/<number>")
def show(community: str, number: str) -> Any:
    the_visitor()
    return _page(_bill(community, number))


@blueprint.post("/bills/<community>/<number>/pay")
def pay(community: str, number: str) -> Any:
    return _do(community, number, Form("pay", request.form), _payment)


@blueprint.post("/bills/<community>/<number>/void")
def void(community: str, number: str) -> Any:
    return _do(community, number, Form("void", request.form), _reason)


def keeps_books(who: Visitor) -> bool:
    return not BOOKS.isdisjoint(who.roles())


def shown(bill: Data, names: Mapping[str, str]) -> Data:
    """A bill as a list has it."""
    directory = edge().directory
    community = directory.community(bill["community"])
    return {
        **bill,
        "zone": community.zone,
        "kind": "complaint" if bill["order_number"].startswith("C-") else "repair",
        "payer_name": names.get(bill["payer"]),
        "place": places.label(directory, bill),
        "raised_at": formats.when(bill["raised_at"]),
    }


def _do(community: str, number: str, form: Form, read: Any) -> Any:
    the_visitor()
    bill = _bill(community, number)
    try:
        command("billing", form.name, {"id": bill["id"], COMMAND: form.id, **read(form)})
    except WuyeError as error:
        failed = Form(form.name, form.values, error)
        return _page(_bill(community, number), failed), STATUS.get(error.code, 500)
    return redirect(url_for("bills.show", community=community, number=number, done=form.name), 303)


def _payment(form: Form) -> Data:
    missing = {
        field: [NEEDED]
        for name, field in (("amount", "amount_fen"), ("method", "method"))
        if not form.text(name).strip()
    }
    if missing:
        raise Invalid("Some fields are empty.", fields=missing)
    return {
        "amount_fen": fen(form.text("amount"), "amount_fen"),
        "method": form.text("method"),
        "receipt": form.text("receipt").strip() or None,
    }


def _reason(form: Form) -> Data:
    if not form.text("reason").strip():
        raise Invalid("A field is empty.", fields={"reason": [NEEDED]})
    return {"reason": form.text("reason")}


def _bill(community: str, number: str) -> Data:
    return query("billing", "get", {"community": community, "number": number})


def _page(bill: Data, failed: Form | None = None) -> str:
    who = the_visitor()
    g.zone = edge().directory.community(bill["community"]).zone
    people = [bill["payer"], bill["voided_by"], *(one["by"] for one in bill["payments"])]
    names = edge().directory.names(people)
    held = who.caller.roles(bill["community"], bill["building"])
    acts = {
        name: Form(name)
        for name, roles in (("pay", PAYS), ("void", VOIDS))
        if bill["state"] == "open" and not roles.isdisjoint(held)
    }
    if "pay" in acts:
        # the usual case: all of it
        acts["pay"].values["amount"] = f"{Decimal(bill['outstanding_fen']) / 100:.2f}"
    if failed is not None:
        acts[failed.name] = failed
    done = request.args.get("done")
    return render_template(
        "bills/show.html",
        bill=shown(bill, names),
        names=names,
        acts=acts,
        books=keeps_books(who),
        own=bill["payer"] == who.person,
        order_shown=bill["payer"] == who.person or _may_see_order(bill),
        done=done if done in DONE else None,
        failed=failed,
    )


def _may_see_order(bill: Data) -> bool:
    try:
        query("workorders", "get", {"id": bill["order"]})
    except WuyeError:
        return False
    return True


def _owing(community: Community, one: Data) -> str:
    if one["unit"] is None:
        return places.common_label(community.name)
    return _unit(community.id, one["unit"]) or ""


def _unit(community: str | None, unit: str | None) -> str | None:
    known = edge().directory.unit(community or "", unit)
    return places.unit_label(known.building_name, known.code) if known is not None else None
