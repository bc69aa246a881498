"""What web push is told by the environment."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cli.commands.push_key import command
from shared.config.settings import BadSettings, EmbeddedSettings, ServiceSettings, load

STACK = {
    "WUYE_DATABASE_URL": "postgresql://wuye@db/wuye_{service}",
    "WUYE_BROKER_URL": "amqp://broker",
}


def test_a_made_up_key_is_taken_as_it_is_printed() -> None:
    name, _, key = CliRunner().invoke(command).output.strip().partition("=")
    for kind in (EmbeddedSettings, ServiceSettings):
        assert (
            load(kind, {**STACK, name: key} if kind is ServiceSettings else {name: key}).options[
                "push_key"
            ]
            == key
        )


def test_push_services_are_hosts_with_commas_between() -> None:
    env = {"WUYE_PUSH_HOSTS": "push.example.org, *.example.net"}
    assert load(EmbeddedSettings, env).push_hosts == ("push.example.org", "*.example.net")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("WUYE_PUSH_HOSTS", "*"),
        ("WUYE_PUSH_HOSTS", "https://push.example.org"),
        ("WUYE_PUSH_HOSTS", "a,,b"),
        ("WUYE_PUSH_CONTACT", "it@example.org"),
        ("WUYE_PUSH_KEY", "short"),
    ],
)
def test_what_is_none_is_named(name: str, text: str) -> None:
    with pytest.raises(BadSettings) as bad:
        load(EmbeddedSettings, {name: text})
    assert name in str(bad.value)
