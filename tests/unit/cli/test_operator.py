"""Which way the command takes to the platform, and the one line where there is none."""

from __future__ import annotations

import fcntl
import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest

from cli.operator import EDGE_FILE, FIRST_STORE, SERVICES, STACK_FILE, connect, holder
from cli.stack import plan
from shared.config.settings import OperatorSettings
from shared.errors import Conflict, Refused, Unavailable
from shared.identity import keys
from shared.identity.operator import OPERATOR


@contextmanager
def held(folder: Path) -> Iterator[IO[str]]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.write("4711")
        lock.flush()
        yield lock


def refusal(folder: Path, kind: type[Exception] = Unavailable) -> str:
    with pytest.raises(kind) as caught, connect(OperatorSettings(data_dir=folder)):
        pass
    return str(getattr(caught.value, "message", caught.value))


def test_no_platform_and_no_data(tmp_path: Path) -> None:
    assert "start `make run` or `make stack`" in refusal(tmp_path)
    assert "start `make run`" in refusal(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()


def test_a_platform_that_takes_no_commands_yet(tmp_path: Path) -> None:
    with held(tmp_path):
        assert "process 4711" in refusal(tmp_path)


def test_two_platforms_at_once(tmp_path: Path) -> None:
    with held(tmp_path), held(tmp_path / "stack"):
        assert "both `wuye run` and `wuye stack`" in refusal(tmp_path, Conflict)


def test_a_stack_that_is_starting(tmp_path: Path) -> None:
    with held(tmp_path / "stack"):
        assert "takes no commands" in refusal(tmp_path)


def test_a_key_that_cannot_be_read(tmp_path: Path) -> None:
    with held(tmp_path):
        (tmp_path / EDGE_FILE).write_text('{"url": "http://127.0.0.1:9"}')
        assert "WUYE_KEYS_DIR" in refusal(tmp_path)


def test_a_stack_found_by_its_file_has_its_own_keys(tmp_path: Path) -> None:
    with held(tmp_path / "stack"):
        told = {"broker_url": "amqp://127.0.0.1:9/x", "keys_dir": str(tmp_path / "nowhere")}
        (tmp_path / "stack" / STACK_FILE).write_text(json.dumps(told))
        assert str(tmp_path / "nowhere") in refusal(tmp_path)


def test_nobody_holds_a_folder_that_was_left(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    (tmp_path / "lock").write_text("4711")
    assert holder(tmp_path) is None


def test_the_services_are_those_of_the_stack() -> None:
    assert sorted(SERVICES) == sorted(plan.SERVICES)
    assert FIRST_STORE.removesuffix(".sqlite") in SERVICES


class _Edge(http.server.BaseHTTPRequestHandler):
    """An edge that answers what it was asked, or refuses."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        refused = asked.get("refuse")
        body: Any = {"path": self.path, "asked": asked, "by": self.headers["Authorization"]}
        if refused:
            body = {"title": "Not possible now", "code": "refused", "message": "no"}
        if refused == "nonsense":
            body = "?"
        raw = json.dumps(body).encode()
        self.send_response(409 if refused else 200)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *args: Any) -> None:
        return


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Path]:
    """A held data folder whose edge answers."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Edge)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    keys.ensure(tmp_path / "keys", [OPERATOR])
    with held(tmp_path):
        (tmp_path / EDGE_FILE).write_text(
            json.dumps({"url": f"http://127.0.0.1:{server.server_port}"})
        )
        yield tmp_path
    server.shutdown()
    thread.join()
    server.server_close()


def test_by_http_with_a_token(edge: Path) -> None:
    with connect(OperatorSettings(data_dir=edge)) as found:
        answer = found.call("security.ops", "views", {"名": "漏水"})
        assert answer["path"] == "/rpc/security.ops/views"
        assert answer["asked"] == {"名": "漏水"}
        assert answer["by"] == f"Bearer {found.token()}"
        assert found.call("a", "b", {}, "other")["by"] == "Bearer other"


def test_errors_keep_their_type_over_http(edge: Path) -> None:
    with connect(OperatorSettings(data_dir=edge)) as found:
        with pytest.raises(Refused, match="no"):
            found.call("a", "b", {"refuse": "yes"})
        with pytest.raises(Unavailable, match="answered 409"):
            found.call("a", "b", {"refuse": "nonsense"})


def test_an_edge_that_is_gone(tmp_path: Path) -> None:
    keys.ensure(tmp_path / "keys", [OPERATOR])
    with held(tmp_path):
        (tmp_path / EDGE_FILE).write_text('{"url": "http://127.0.0.1:9"}')
        with (
            connect(OperatorSettings(data_dir=tmp_path)) as found,
            pytest.raises(Unavailable, match="does not answer"),
        ):
            found.call("a", "b", {})
