"""Stands for every service in the tests of the stack: `python -m services.<name> TASK`.

It says what it does, answers `/readyz`, and ends itself when a file `end-<name>-<task>` asks it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg

name, task = Path(__file__).parent.name, sys.argv[1]


class Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


def migrate() -> None:
    with psycopg.connect(os.environ["WUYE_MIGRATION_URL"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS events (text text)")
        connection.execute(f"GRANT SELECT, INSERT ON events TO wuye_{name}")
    print("migrated")


def end_when_asked(file: Path) -> None:
    while not file.exists():
        time.sleep(0.1)
    file.unlink()
    print("ending myself", flush=True)
    os._exit(1)


def serve() -> None:
    settings = {key: text for key, text in os.environ.items() if key.startswith("WUYE_")}
    Path(f"{name}-{task}.json").write_text(json.dumps(settings))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("stopping", flush=True)))
    threading.Thread(target=end_when_asked, args=(Path(f"end-{name}-{task}"),), daemon=True).start()
    print("serving 漏水")
    HTTPServer(("127.0.0.1", int(os.environ["WUYE_HEALTH_PORT"])), Ready).serve_forever()


migrate() if task == "migrate" else serve()
