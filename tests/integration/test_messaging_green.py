"""The same checks in monkey-patched processes: the way the services run."""

from __future__ import annotations

import pytest

from tests.integration.messaging_programs.processes import run_green


def test_embedded() -> None:
    done = run_green("green_embedded.py")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.integration
def test_rabbitmq(amqp_url: str) -> None:
    done = run_green("green_amqp.py", WUYE_TEST_AMQP_URL=amqp_url)
    assert done.returncode == 0, done.stdout + done.stderr
