from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import services.gateway
from services.gateway.frame.languages import LOCALES


@pytest.fixture(params=sorted(LOCALES))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """The texts of the pages are in this language, in turn in each."""
    app = Flask("services.gateway")
    folder = Path(services.gateway.__file__).parent / "translations"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    Babel(app)
    with app.test_request_context(), force_locale(LOCALES[request.param]):
        yield request.param
