"""The board's lanes: narrowed, and several of one sent at once."""

from __future__ import annotations

from tests.support.browser import Page
from tests.support.edge import Site, order_number, order_path, shows


def test_several_are_sent_at_once_and_each_tells_what_became_of_it(site: Site) -> None:
    pages = [site.report(category="appliance"), site.report(category="appliance")]
    numbers = [order_number(page) for page in pages]
    dispatcher = site.person("dispatcher")
    # a lane shows the first fifty alone
    board = shows(dispatcher, "/board?category=repair:appliance", numbers[1])
    form = board.form("/board/dispatch")
    chosen = [value for value in picks(board) if value.rpartition(" ")[2] in numbers]
    assert len(chosen) == 2
    label = next(one for one in form.choices["technician"] if one.startswith("马师傅"))
    technician = form.choice("technician", label)
    token = dispatcher.get(order_path(pages[0])).form("/dispatch")
    dispatcher.send(token, technician=technician)

    told = dispatcher.send(form, order=chosen, technician=technician)

    assert "1 of 2 were sent" in told.text
    assert "A technician was sent already" in told.text
    again = dispatcher.send(form, order=chosen, technician=technician)
    assert "1 of 2 were sent" in again.text
    history = dispatcher.get(order_path(pages[1])).text
    assert history.count("Dispatched to 马师傅") == 1


def test_what_was_chosen_stays_chosen_where_nobody_is_to_go(site: Site) -> None:
    number = order_number(site.report())
    dispatcher = site.person("dispatcher")
    board = shows(dispatcher, f"/board?text={number}", number)
    (value,) = [one for one in picks(board) if one.endswith(number)]
    page = dispatcher.send(board.form("/board/dispatch"), order=[value], technician="")
    assert page.status == 400 and "Choose the orders" in page.text
    checked = [one["value"] for one in page.all("input") if "checked" in one]
    assert checked == [value]


def picks(board: Page) -> list[str]:
    boxes = [one for one in board.all("input") if one.get("type") == "checkbox"]
    return [one["value"] for one in boxes]


def test_the_board_narrows_to_a_home_and_to_what_one_took_down_oneself(site: Site) -> None:
    number = order_number(site.report("resident2"))
    dispatcher = site.person("dispatcher")
    assert number in shows(dispatcher, "/board?text=1-102", number).text
    assert number not in dispatcher.get("/board?text=2-302").text
    assert number not in dispatcher.get("/board?wait=overdue").text
    assert number not in dispatcher.get("/board?mine=1").text
