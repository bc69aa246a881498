from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel, force_locale

import services.gateway
from services.gateway.app import create_app
from services.gateway.frame.languages import LOCALES
from services.gateway.uploads.store import Photos
from shared.clock import SystemClock
from shared.identity import keys
from shared.identity.keys import ServiceIdentity
from shared.messaging.rpc_client import RpcClient
from shared.observability.metrics import Metrics


@pytest.fixture(params=sorted(LOCALES))
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """The texts of the pages are in this language, in turn in each."""
    app = Flask("services.gateway")
    folder = Path(services.gateway.__file__).parent / "translations"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(folder)
    Babel(app)
    with app.test_request_context(), force_locale(LOCALES[request.param]):
        yield request.param


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """Of an edge behind one proxy, with no service to be reached; two calls a minute."""
    keys.ensure(tmp_path, ["gateway"])
    rpc = RpcClient("amqp://127.0.0.1:1/nowhere")
    key = keys.load_private(tmp_path, "gateway")
    app = create_app(
        rpc,
        identity=ServiceIdentity("gateway", key, SystemClock()),
        cookie_secret=b"s" * 32,
        readiness=dict,
        metrics=Metrics(),
        time_zone="Asia/Shanghai",
        photos=Photos(tmp_path.as_uri()),
        api_per_minute=2,
        proxies=1,
    )
    yield app.test_client()
    rpc.close()
