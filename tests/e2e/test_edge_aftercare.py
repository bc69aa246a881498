"""What comes after the work, on the pages: checks by staff, follow-ups, and what is said."""

from __future__ import annotations

import pytest

from tests.support.browser import Form, Page
from tests.support.edge import Site, ids_in, order_path
from tests.support.estate import soon

LOW = "1"


def rated(site: Site, stars: str = LOW) -> str:
    """The path of an order that was done, accepted and rated so."""
    path = site.dispatched()
    technician, resident = site.person("technician1"), site.person("resident1")
    technician.send(technician.get(path).form("/repair"), notes="换了垫圈")
    done = resident.send(resident.get(path).form("/accept"), stars=stars)
    assert "Thank you for your rating." in done.text, done.text
    return path


@pytest.fixture(scope="module")
def rules(site: Site) -> Page:
    """Ratings of one star are followed up in the demo community."""
    manager = site.person("manager")
    form = manager.get("/follow-ups/rules/lakeside").form("/follow-ups/rules/lakeside")
    wrong = manager.send(form, low_stars="1", percent="101", within_hours="24")
    assert wrong.status == 400
    again = wrong.form("/follow-ups/rules/lakeside")
    assert again.faults == {"percent"}
    assert (again.text("percent"), again.text("low_stars")) == ("101", "1")
    return manager.send(again, percent="0")


def due(site: Site, path: str, language: str = "en") -> Page:
    """The order's page with the follow-up that is due."""
    dispatcher = site.person("dispatcher", language)

    def asked() -> Page | None:
        page = dispatcher.get(path)
        return page if page.has_form("/follow-ups") else None

    return soon("a follow-up is due", asked)


@pytest.mark.parametrize(
    ("language", "recorded", "step"),
    [
        ("en", "The follow-up is recorded.", "Followed up"),
        ("zh-CN", "回访已登记。", "已回访"),
    ],
)
def test_a_low_rating_is_followed_up_and_the_order_opened_again(
    site: Site, rules: Page, language: str, recorded: str, step: str
) -> None:
    assert "The rules are set." in rules.text
    path = rated(site)
    page = due(site, path, language)
    dispatcher = site.person("dispatcher", language)
    number = path.rpartition("/")[2]
    listed = dispatcher.get("/follow-ups")
    assert number in listed.text
    assert not ids_in(listed.text)
    assert listed.language == language
    assert "138 0000" in page.text, "the number to call"

    empty = dispatcher.send(page.form("/follow-ups"))
    assert empty.status == 400
    assert "follow_up-answer-fault" in empty.response.text
    nothing_said = dispatcher.send(page.form("/follow-ups"), answer="not_satisfied", reopen="1")
    assert (nothing_said.status, nothing_said.form("/follow-ups").faults) == (400, {"notes"})
    assert nothing_said.form("/follow-ups").text("answer") == "not_satisfied"

    done = dispatcher.send(
        nothing_said.form("/follow-ups"), answer="not_satisfied", reopen="1", notes="还在滴"
    )
    assert recorded in done.text
    assert step in done.headings
    assert not done.has_form("/follow-ups")
    resident = site.person("resident1").get(path)
    assert "Followed up" not in resident.headings
    assert "Opened again" in resident.headings


def test_a_follow_up_without_an_answer_stays_due(site: Site, rules: Page) -> None:
    assert rules.status == 200
    path = rated(site)
    dispatcher = site.person("dispatcher")
    once = dispatcher.send(due(site, path).form("/follow-ups"), answer="not_reached")
    assert "1 try so far" in once.text
    assert once.has_form("/follow-ups")
    well = dispatcher.send(once.form("/follow-ups"), answer="satisfied", notes="all is well")
    assert not well.has_form("/follow-ups")
    number = path.rpartition("/")[2]

    def made() -> bool:
        return number in dispatcher.get("/follow-ups?made=1").text

    assert soon("it is among those made", made)


def test_a_rating_is_answered_and_the_answer_revised(site: Site) -> None:
    path = rated(site, "3")
    dispatcher, resident = site.person("dispatcher"), site.person("resident1")
    empty = dispatcher.send(dispatcher.get(path).form("/answer_rating"))
    assert (empty.status, empty.form("/answer_rating").faults) == (400, {"text"})
    answered = dispatcher.send(empty.form("/answer_rating"), text="We will be quicker.")
    assert "The resident is told your answer." in answered.text
    assert "We will be quicker." in resident.get(path).text
    revised = dispatcher.send(answered.form("/answer_rating"), text="We will come at once.")
    assert "Answer to the rating revised" in revised.headings
    shown = resident.get(path)
    assert "The property office answers your rating" in shown.headings
    assert "We will come at once." in shown.text
    assert not shown.has_form("/answer_rating")


def test_both_sides_comment_and_staff_among_themselves(site: Site) -> None:
    path = site.dispatched()
    resident, dispatcher = site.person("resident1"), site.person("dispatcher")
    technician = site.person("technician1")
    asked = resident.send(resident.get(path).form("/comments"), text="Please ring twice.")
    assert "The comment is sent." in asked.text
    assert "Please ring twice." in technician.get(path).text
    form = resident.get(path).form("/comments")
    assert "internal" not in form.choices
    empty = resident.send(form)
    assert (empty.status, empty.form("/comments").faults) == (400, {"text"})
    sneaked = resident.send(form, text="let me in", internal="1")
    assert sneaked.status == 403
    assert sneaked.form("/comments").text("text") == "let me in"

    inside = dispatcher.send(dispatcher.get(path).form("/comments"), text="Dog!", internal="1")
    assert "Among staff" in inside.text
    assert "Dog!" in technician.get(path).text
    technician.send(technician.get(path).form("/comments"), text="I will.")
    shown = resident.get(path)
    assert "I will." in shown.text
    assert "Dog!" not in shown.response.text
    assert site.person("resident2").get(path).status == 404


def _new_words(page: Page) -> Form:
    """The form for new ones stands above those of what is kept."""
    return next(one for one in page.forms if one.action.endswith("/canned-answers/lakeside"))


def test_words_kept_ready_are_chosen_without_a_script(site: Site) -> None:
    """What was chosen is sent where nothing was typed; what was typed stays as it is."""
    supervisor, dispatcher = site.person("supervisor"), site.person("dispatcher")
    empty = supervisor.send(_new_words(supervisor.get("/canned-answers")))
    assert empty.status == 400
    first = _new_words(empty)
    assert first.faults == {"use"}
    kept = supervisor.send(
        first,
        **{
            "use": "decline",
            "category": "repair:heating",
            "en": "Ask the heat works.",
            "zh-CN": "",
        },
    )
    assert "It is kept." in kept.text
    assert "Ask the heat works." in kept.text
    heating = order_path(site.report(category="heating"))
    asked = dispatcher.get(heating).form("/decline")
    chosen = asked.choice("canned", "Ask the heat works.")
    declined = dispatcher.send(asked, reason="not_ours", canned=chosen)
    assert "Ask the heat works." in site.person("resident1").get(heating).text, declined.text

    other = order_path(site.report(category="lift"))
    form = dispatcher.get(other).form("/decline")
    assert "Ask the heat works." not in form.choices.get("canned", {})
    nothing = dispatcher.send(form, reason="not_ours", canned=chosen)
    assert (nothing.status, nothing.form("/decline").faults) == (400, {"note"})

    page = supervisor.get("/canned-answers")
    for one in [form for form in page.forms if form.action.endswith("/withdraw")]:
        gone = supervisor.send(one)
    assert "It is withdrawn." in gone.text
    assert "Ask the heat works." not in gone.text


def test_a_category_that_takes_a_photo_is_not_done_without(site: Site) -> None:
    manager, technician = site.person("manager"), site.person("technician1")
    path = "/photo-rules/lakeside"
    try:
        done = manager.send(manager.get(path).form(path), rule=["repair:heating:after"])
        assert "The rules are set." in done.text
        assert done.form(path).fields["rule"] == ["repair:heating:after"]
        order = site.dispatched(category="heating")
        asked = technician.get(order)
        assert "Photos after (needed)" in asked.text
        assert "Photos before (optional)" in asked.text
        form = asked.form("/repair")
        refused = technician.send(form, notes="flushed")
        assert refused.status == 400
        assert "This category takes a photo of the finished work." in refused.text
        assert refused.form("/repair").text("notes") == "flushed"
        assert (
            technician.send(technician.get(site.dispatched()).form("/repair"), notes="x").status
            == 200
        )
    finally:
        manager.send(manager.get(path).form(path), rule=[])
    assert "Reported as done" in technician.send(form, notes="flushed").text
    assert site.person("dispatcher").get(path).status == 403


@pytest.mark.parametrize("login", ["resident1", "technician1", "dispatcher"])
def test_canned_answers_are_kept_by_supervisors_and_managers(site: Site, login: str) -> None:
    assert site.person(login).get("/canned-answers").status == 403


@pytest.mark.parametrize("login", ["resident1", "technician1"])
def test_follow_ups_are_not_for_residents_and_technicians(site: Site, login: str) -> None:
    browser = site.person(login)
    assert browser.get("/follow-ups").status == 403
    assert browser.get("/follow-ups/rules/lakeside").status == 403


def test_only_a_manager_sets_the_rules(site: Site) -> None:
    dispatcher = site.person("dispatcher")
    page = dispatcher.get("/follow-ups/rules/lakeside")
    form = page.form("/follow-ups/rules/lakeside")
    refused = dispatcher.send(form, percent="50")
    assert refused.status == 403
