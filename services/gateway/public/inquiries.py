"""Suggestions, questions and praise from a sign, and what their receipts show."""

from __future__ import annotations

from typing import Any

from flask import g, render_template, request

from services.gateway.frame import live
from services.gateway.frame.edge import edge
from services.gateway.frame.forms import Form
from services.gateway.orders import places
from services.gateway.orders.places import Place
from services.gateway.orders.typed import needed
from services.gateway.public.codes import Codes, Receipt
from services.gateway.sessions.calls import as_edge
from shared.errors import NotFound

Data = dict[str, Any]
# how their numbers begin
LETTERS = ("S", "Q", "P")


def read(form: Form, place: Place) -> Data:
    text = needed(form, "text")
    return {**place.request(), "kind": form.text("kind"), "text": text, "channel": "qr"}


def is_one(receipt: Receipt) -> bool:
    return receipt.number.startswith(LETTERS)


def page(codes: Codes, found: Receipt) -> Any:
    """Its state and our answer, which nobody else could be sent; not what was written, no names."""
    submitted = request.args.get("done") == "submit"
    try:
        inquiry = as_edge("workorders", "inquiry", found._asdict())
    except NotFound:
        if not submitted:
            raise
        return render_template("orders/coming.html", number=found.number), 202
    mark = str(inquiry["version"])
    if live.unchanged(mark):
        return "", 304
    community = edge().directory.community(found.community)
    g.zone = community.zone
    order = inquiry["order_number"]
    return render_template(
        "public/inquiry.html",
        inquiry=inquiry,
        place=places.label(edge().directory, inquiry),
        community=community,
        zone=community.zone,
        code=codes.receipt(*found),
        order_code=codes.receipt(found.community, order) if order else None,
        mark=mark,
        submitted=submitted,
    )
