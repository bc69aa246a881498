"""The pages as a browser without scripts sees them: cookies, forms with what stands in them.

resident = Browser(url, language="en")
page = resident.log_in("resident1", "...")
page = resident.send(page.form("/report"), category="plumbing", description="...")
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import requests

Files = Sequence[tuple[str, tuple[str, bytes]]]
_VOID = {"br", "hr", "img", "input", "link", "meta", "use"}
# a new report that the list of numbers does not have yet; services that were too slow just now
_AGAIN = (202, 503, 504)
_UNSEEN = {"style", "script", "title", "option", "textarea"}


@dataclass
class Form:
    """``fields``: name to what would be sent, as a list where several have one name."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: set[str] = field(default_factory=set)

    def text(self, name: str) -> str:
        return self.fields[name][0]

    def choice(self, name: str, label: str) -> str:
        """The value of the option, or radio button, that people know by this."""
        return self.choices[name][label]

    def choice_at(self, name: str, at: int) -> str:
        return list(self.choices[name].values())[at]


class Page(HTMLParser):
    """``text``: what is there to be read, without what stands in fields."""

    def __init__(self, response: requests.Response) -> None:
        super().__init__()
        self.response = response
        self.status = response.status_code
        self.path = response.request.path_url
        self.language = ""
        self.title = ""
        self.forms: list[Form] = []
        self.headings: list[str] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._open: list[tuple[str, dict[str, str]]] = []
        self._words: list[str] = []
        self._option: str | None = None
        self.feed(response.text)
        self.text = " ".join(" ".join(self._words).split())

    def form(self, action: str) -> Form:
        """The one form that goes to this place; its last part will do."""
        found = [one for one in self.forms if urlsplit(one.action).path.endswith(action)]
        assert len(found) == 1, (action, [one.action for one in self.forms], self.text)
        return found[0]

    def below(self, heading: str, until: str) -> list[str]:
        """The headings below this one, up to another."""
        at = self.headings.index(heading)
        return self.headings[at + 1 : self.headings.index(until, at)]

    def has_form(self, action: str) -> bool:
        return any(urlsplit(one.action).path.endswith(action) for one in self.forms)

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]

    # -- reading ------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        if tag == "html":
            self.language = attributes.get("lang", "")
        if tag == "form":
            method = attributes.get("method", "get")
            self.forms.append(Form(attributes.get("action", ""), method))
        if tag in ("input", "select", "textarea") and self._in("form") is not None:
            self._field(tag, attributes)
        if tag == "option":
            self._option = attributes["value"]
            if "selected" in attributes:
                self.forms[-1].fields[self._select()] = [self._option]
        if tag not in _VOID:
            self._open.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if self._in(tag) is not None:
            while self._open.pop()[0] != tag:
                pass
        if tag == "option":
            self._option = None

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ("", {})
        if inside[0] == "title":
            self.title += data
        if inside[0] == "textarea":
            # the first line break after the tag is the markup's own
            self.forms[-1].fields[inside[1]["name"]] = [data.removeprefix("\n")]
        if self._option is not None:
            self.forms[-1].choices.setdefault(self._select(), {})[data] = self._option
        if inside[0] in ("h1", "h2", "h3"):
            self.headings.append(data.strip())
        if inside[0] not in _UNSEEN:
            self._words.append(data)

    def _field(self, tag: str, attributes: dict[str, str]) -> None:
        form, name, kind = self.forms[-1], attributes["name"], attributes.get("type", "")
        if attributes.get("aria-invalid") == "true":
            form.faults.add(name)
        if kind == "file":
            return
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, {})[attributes["value"]] = attributes["value"]
            if "checked" in attributes:
                others = form.fields.get(name, []) if kind == "checkbox" else []
                form.fields[name] = [*others, attributes["value"]]
        elif tag == "input":
            form.fields.setdefault(name, []).append(attributes.get("value", ""))
        else:
            form.fields.setdefault(name, [""])

    def _select(self) -> str:
        around = self._in("select")
        assert around is not None
        return around["name"]

    def _in(self, tag: str) -> dict[str, str] | None:
        """The attributes of the nearest such tag around."""
        return next((each for name, each in reversed(self._open) if name == tag), None)


class Browser:
    """One person's browser, with cookies of its own."""

    def __init__(self, url: str, language: str = "en") -> None:
        self.url = url
        # whether it asks again where the site says that it could not answer in time
        self.patient = True
        self.session = requests.Session()
        self.session.headers["Accept-Language"] = language

    def get(self, path: str, params: dict[str, str] | None = None, **headers: str) -> Page:
        url = self.url + path
        return self._shown(
            lambda: self.session.get(url, params=params, headers=headers, timeout=20)
        )

    def post(
        self, path: str, data: dict[str, Any], *, follow: bool = True, files: Files = ()
    ) -> Page:
        return self._shown(
            lambda: self.session.post(
                self.url + path,
                data=data,
                files=list(files) or None,
                timeout=20,
                allow_redirects=follow,
            )
        )

    def _shown(self, ask: Callable[[], requests.Response]) -> Page:
        """A form sent again is the same command; behind a redirect it was carried out."""
        page, until = Page(ask()), time.monotonic() + 20
        while self.patient and page.status in _AGAIN and time.monotonic() < until:
            warnings.warn(f"{page.status} at {page.path}, asked again", stacklevel=4)
            time.sleep(0.2)
            went = page.response
            page = Page(self.session.get(went.url, timeout=20) if went.history else ask())
        return page

    def send(
        self, form: Form, *, follow: bool = True, files: Files = (), **typed: str | list[str]
    ) -> Page:
        """Send a form with what stands in it, and this in place of some of it.

        ``files``: a field's name and the file's name and content, each.
        """
        assert form.method == "post", form
        return self.post(form.action, {**form.fields, **typed}, follow=follow, files=files)

    def keep(self, name: str, value: str | None) -> None:
        """A cookie in place of the site's own of this name; None takes it away."""
        host = urlsplit(self.url).hostname
        self.session.cookies.set(name, value, domain=host, path="/")

    def log_in(self, login: str, password: str) -> Page:
        form = self.get("/login").form("/login")
        return self.send(form, login=login, password=password)
