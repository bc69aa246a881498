"""How somebody works a page: by touch and mouse, or by the keys of a keyboard alone."""

from __future__ import annotations

from typing import Protocol

from playwright.sync_api import Locator, Page

# more than any page has things to stop at
_MOST_STOPS = 150
_IS_FOCUSED = "one => one === document.activeElement"
_SAME_GROUP = """one => document.activeElement?.type === "radio"
    && document.activeElement.name === one.name && document.activeElement.form === one.form"""


class Hands(Protocol):
    def press(self, button: Locator) -> None: ...

    def choose(self, radio: Locator) -> None: ...

    def select(self, box: Locator, label: str) -> None: ...

    def write(self, field: Locator, text: str) -> None: ...


class Mouse:
    def press(self, button: Locator) -> None:
        button.click()

    def choose(self, radio: Locator) -> None:
        radio.check()

    def select(self, box: Locator, label: str) -> None:
        box.select_option(label=label)

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)


class Keys:
    """Nothing but keys: Tab to get there, Enter, Space and arrows to do it."""

    def press(self, button: Locator) -> None:
        self._reach(button)
        button.page.keyboard.press("Enter")

    def choose(self, radio: Locator) -> None:
        keyboard = radio.page.keyboard
        self._reach(radio, _SAME_GROUP)
        keyboard.press("Space")
        for _ in range(_MOST_STOPS):
            if radio.is_checked():
                return
            keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow key chooses {radio}")

    def select(self, box: Locator, label: str) -> None:
        self._reach(box)
        for _ in range(_MOST_STOPS):
            if box.evaluate("one => one.selectedOptions[0].label") == label:
                return
            box.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow key selects {label}")

    def write(self, field: Locator, text: str) -> None:
        self._reach(field)
        field.page.keyboard.type(text)

    def _reach(self, wanted: Locator, there: str = _IS_FOCUSED) -> None:
        page: Page = wanted.page
        wanted.wait_for(state="attached")
        for _ in range(_MOST_STOPS):
            if wanted.evaluate(there):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key never stops at {wanted}")
