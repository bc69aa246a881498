"""The command on the stack: by RPC over a real broker, with the operator's key."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.operator import connect
from cli.stack.furnish import furnish
from cli.stack.terminal import Terminal
from shared.config.settings import OperatorSettings
from shared.errors import Invalid, Unavailable
from tests.integration.cli.wuye import Wuye
from tests.support.estate import Estate
from tests.support.stack import Stack

pytestmark = pytest.mark.integration


def test_by_rpc_as_the_operator(running_stack: Stack) -> None:
    keys = running_stack.folder / "keys"
    with connect(OperatorSettings(broker_url=running_stack.broker_url, keys_dir=keys)) as operator:
        assert "communities" in operator.call("security", "communities", {})
        with pytest.raises(Invalid):
            operator.call("security", "register_community", {"community": 5})
        with pytest.raises(Unavailable, match="nobody is not running"):
            operator.call("nobody", "list", {})


def test_a_command_over_the_broker(running_stack: Stack, tmp_path: Path) -> None:
    wuye = Wuye(tmp_path, environment(running_stack, running_stack.broker_url))
    assert "queries read it" in wuye("rebuild", "security.people").stdout
    assert "workorders.order_board" in wuye("rebuild", "--list").stdout
    assert not any(tmp_path.iterdir())


def test_a_broker_that_is_not_there(running_stack: Stack, tmp_path: Path) -> None:
    wuye = Wuye(tmp_path, environment(running_stack, "amqp://127.0.0.1:9/x"))
    said = wuye("rebuild", "security.people", code=1).stderr
    assert "The message broker cannot be reached" in said


def test_a_stack_with_communities_gets_no_other_one(
    stack_estate: Estate, running_stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    before = stack_estate.head("security")
    furnish(running_stack.broker_url, running_stack.folder / "keys", Terminal([]))
    # its manager's, whose shifts are planned anew
    added = [fact["type"] for fact in stack_estate.facts("security", before)]
    assert set(added) <= {"SessionOpened"}, added
    assert "resident12" in capsys.readouterr().out


def environment(stack: Stack, broker: str) -> dict[str, str]:
    return {"WUYE_BROKER_URL": broker, "WUYE_KEYS_DIR": str(stack.folder / "keys")}
