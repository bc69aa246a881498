"""What happened, for auditors: an order's story, and events found and downloaded."""

from __future__ import annotations

import json
import re

from tests.support.edge import Site, ids_in, order_number, shows


def test_an_auditor_goes_through_an_orders_time_and_sees_what_each_event_changed(
    site: Site,
) -> None:
    path = site.dispatched()
    number = path.rpartition("/")[2]
    auditor = site.person("auditor")
    story = f"/audit/orders/lakeside/{number}"
    shows(auditor, story, "Somebody told")

    first = auditor.get(f"{story}?step=1")
    assert "Order submitted" in first.headings
    steps = [one["value"] for one in first.all("option")]
    assert len(steps) == 2

    sent = auditor.get(f"{story}?step={steps[1]}")
    assert "Technician sent" in sent.headings
    changed = re.search(r"<del>(.*?)</del>.*?<ins>(.*?)</ins>", sent.response.text, re.DOTALL)
    assert changed is not None and changed.groups() == ("To be dispatched", "Dispatched")
    assert not ids_in(sent.text)

    lines = auditor.get(f"{story}.jsonl").response.text.splitlines()
    logs = {json.loads(line)["log"] for line in lines}
    assert {"workorders", "notifications"} <= logs


def test_an_order_s_story_has_what_was_said_beside_it(site: Site) -> None:
    path = site.dispatched()
    dispatcher = site.person("dispatcher")
    form = dispatcher.get(path).form("/comments")
    said = dispatcher.send(form, text="先别进门，家里有狗", internal="1")
    assert "先别进门" in said.text

    story = f"/audit/orders/lakeside/{path.rpartition('/')[2]}"
    auditor = site.person("auditor")
    page = auditor.get(story)
    at = re.search(r'step=(\d+)#state"[^>]*>Comment added', page.response.text)
    assert at is not None, page.text
    comment = auditor.get(f"{story}?step={at[1]}")
    assert "Comment added" in comment.headings
    for words in ("先别进门，家里有狗", "Among staff", "This event changed nothing of the order"):
        assert words in comment.text
    assert not ids_in(comment.text)

    lines = auditor.get(f"{story}.jsonl").response.text.splitlines()
    (event,) = [one for one in map(json.loads, lines) if one["type"] == "CommentAdded"]
    assert event["data"]["text"] == "先别进门，家里有狗"


def test_events_are_found_by_kind_and_person_and_downloaded(site: Site) -> None:
    number = order_number(site.report("resident3"))
    auditor = site.person("auditor")
    page = shows(auditor, "/audit?type=workorders:WorkOrderSubmitted&actor=张伟", number)
    assert "Order submitted" in page.text and "Technician sent" not in re.sub(
        "<option.*?</option>", "", page.text
    )
    file = auditor.get("/audit/events.jsonl?type=workorders:WorkOrderSubmitted&actor=张伟")
    events = [json.loads(line) for line in file.response.text.splitlines()]
    assert {one["type"] for one in events} == {"WorkOrderSubmitted"}
    assert number in {one["data"]["number"] for one in events}
    assert len({one["actor"] for one in events}) == 1
