import json
import os

import pytest
from click.testing import CliRunner, Result

from cli.commands.config import command

URL = "postgresql://wuye:geheim@db/wuye_{service}"
STACK = {"WUYE_DATABASE_URL": URL, "WUYE_BROKER_URL": "amqp://wuye:geheim@broker/"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("WUYE_"):
            monkeypatch.delenv(name)


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(command, arguments, env={"COLUMNS": "120", **(env or {})})


def test_a_table_of_the_settings() -> None:
    result = run(env={"WUYE_HTTP_PORT": "8123"})
    assert result.exit_code == 0
    lines = {
        line.split()[1]: line.split() for line in result.output.splitlines() if "WUYE_" in line
    }
    assert lines["WUYE_HTTP_PORT"][3::2] == ["8123", "environment"]
    assert lines["WUYE_LANGUAGE"][3::2] == ["zh-CN", "default"]
    assert lines["WUYE_SECRET"][3::2] == ["-", "default"]


def test_json() -> None:
    result = run("--process", "serve", "--json", env=STACK)
    found = {each["name"]: each for each in json.loads(result.output)}
    assert found["WUYE_DATABASE_URL"] == {
        "name": "WUYE_DATABASE_URL",
        "value": "postgresql://wuye:***@db/wuye_{service}",
        "source": "environment",
    }


def test_values_are_shown_as_they_are() -> None:
    """No markup is read out of them, and none is cut off."""
    long = "/" + "漏" * 60 + "/[red]x[/red]"
    result = run(env={"WUYE_DATA_DIR": long, "COLUMNS": "80"})
    shown = "".join(part for line in result.output.splitlines() for part in line.split("│")[2:3])
    assert long in shown.replace(" ", "")


def test_faults_go_to_stderr_with_code_2() -> None:
    result = run("--process", "edge", env={"WUYE_HTTP_PORT": "x"})
    assert result.exit_code == 2
    assert result.stdout == ""
    assert [line.split("=")[0].split(":")[0] for line in result.stderr.splitlines()] == [
        "WUYE_BROKER_URL",
        "WUYE_HTTP_PORT",
    ]
