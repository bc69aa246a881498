"""One order from report to rating, by the pages alone."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.browser import Form
from tests.support.edge import SCRIPT, Site, order_number, order_path
from tests.support.estate import soon


@dataclass(frozen=True)
class Words:
    """What the pages say on the way, in one language."""

    received: str
    dispatched_to: str
    begun: str
    reported_done: str
    settled: str
    thanks: str
    steps: tuple[str, ...]
    stars: str
    story: tuple[str, str]


ENGLISH = Words(
    received="Thank you. We have your report; its number is {}.",
    dispatched_to="Dispatched to 马师傅",
    begun="Work has begun.",
    reported_done="Reported as done. It waits to be accepted.",
    settled="Thank you: accepted.",
    thanks="Thank you for your rating.",
    steps=(
        "Rated", "Confirmed: settled", "The work is done", "Work has begun",
        "Quote accepted", "A price was quoted", "马师傅 will see to it", "Report received",
    ),
    stars="4 stars of 5",
    story=("What has happened", "Comments"),
)  # fmt: skip
CHINESE = Words(
    received="谢谢，已收到。编号为 {}。",
    dispatched_to="派单给马师傅",
    begun="已开始处理。",
    reported_done="已报完工，等待验收。",
    settled="谢谢，已验收。",
    thanks="谢谢您的评价。",
    steps=(
        "评价",
        "已确认解决",
        "已完工",
        "师傅开始处理",
        "报价已接受",
        "已报价",
        "已安排马师傅处理",
        "已收到报修",
    ),
    stars="4 星（满分 5 星）",
    story=("处理过程", "留言"),
)


@pytest.mark.parametrize(("language", "words"), [("en", ENGLISH), ("zh-CN", CHINESE)])
def test_an_order_goes_from_report_to_rating_through_three_peoples_pages(
    site: Site, language: str, words: Words
) -> None:
    received = site.report(language=language, description=SCRIPT)
    path, number = order_path(received), order_number(received)
    assert words.received.format(number) in received.text

    dispatcher = site.person("dispatcher", language)
    assert number in dispatcher.get("/orders?tab=submitted").text
    sent = site.sent(dispatcher, path)
    assert words.dispatched_to in sent.text

    technician = site.person("technician1", language)
    assert number in technician.get("/orders?mine=1").text
    quote = technician.get(path).form("/quote")
    line = {"line_what": ["垫圈", "", "", ""], "line_price": ["￥35.5", "", "", ""]}
    technician.send(quote, **line)
    resident = site.person("resident1", language)
    agreed = resident.send(resident.get(path).form("/accept_quote"))
    assert agreed.status == 200
    started = technician.send(technician.get(path).form("/start"))
    assert words.begun in started.text
    repaired = technician.send(
        started.form("/repair"),
        notes="换了垫圈",
        minutes="４０",
        charge="￥35.5",
        material_name=["垫圈", "", ""],
        material_quantity=["2", "", ""],
        material_cost=["1.50", "", ""],
    )
    assert words.reported_done in repaired.text

    asked = resident.get(path)
    assert "35.50" in asked.text
    accepted = resident.send(asked.form("/accept"))
    assert words.settled in accepted.text
    rated = resident.send(accepted.form("/rate"), stars="4", speed="5", comment="很快 🚰")
    assert words.thanks in rated.text
    assert rated.language == language
    assert rated.below(*words.story) == list(words.steps)
    for said in (SCRIPT, "换了垫圈", "垫圈 × 2", "很快 🚰"):
        assert said in rated.text
    assert rated.text.count(SCRIPT) == 1, "what was reported stands there once"
    assert words.stars in {each.get("aria-label") for each in rated.all("span")}
    assert rated.has_form("/reopen") and not rated.has_form("/rate")


def test_a_resident_who_is_not_content_sends_the_work_back(site: Site) -> None:
    path = site.dispatched()
    technician, resident = site.person("technician1"), site.person("resident1")
    technician.send(technician.get(path).form("/repair"), notes="done")

    again = resident.send(resident.get(path).form("/reject"), reason="It still drips")

    assert "it will be seen to again" in again.text
    assert "It still drips" in technician.get(path).text
    assert technician.get(path).has_form("/repair")


def test_a_form_that_is_sent_twice_reports_once(site: Site) -> None:
    resident = site.person("resident1")
    form = resident.get("/report").form("/report")
    form.fields |= {"category": ["lift"], "description": ["stuck"]}

    once, twice = resident.send(form), resident.send(form)

    assert once.path == twice.path


def test_those_whom_it_concerns_find_it_in_their_inbox(site: Site) -> None:
    path = site.dispatched()
    number = path.rpartition("/")[2]
    technician = site.person("technician1")

    def told() -> Form | None:
        forms = technician.get("/inbox").forms
        return next((one for one in forms if number in one.fields.get("number", ())), None)

    assert order_path(technician.send(soon("it is told", told))) == path


@pytest.mark.integration
def test_the_edge_of_the_stack_serves_the_same_pages(stack_site: Site) -> None:
    path = stack_site.dispatched()
    number = path.rpartition("/")[2]

    technician = stack_site.person("technician1", "zh-CN")
    for page in ("/orders?mine=1", "/work"):
        listed = technician.get(page)
        assert number in listed.text and "已派单" in listed.text
    assert "漏水" in listed.text, "what each order says is asked for as well"
    assert stack_site.browser().get("/readyz").response.json() == {"status": "ok", "missing": {}}
