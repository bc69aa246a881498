import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from shared.config.settings import (
    PROCESSES,
    BadSettings,
    EdgeSettings,
    EmbeddedSettings,
    OperatorSettings,
    ServiceSettings,
    Settings,
    describe,
    load,
)

KEY = "A" * 43
STACK = {
    "WUYE_DATABASE_URL": "postgresql://wuye:geheim@db:5433/wuye_{service}",
    "WUYE_BROKER_URL": "amqp://wuye:geheim@broker:5672/wuye",
}


def faults(kind: type[Settings], env: dict[str, str]) -> list[str]:
    with pytest.raises(BadSettings) as bad:
        load(kind, env)
    return bad.value.faults


def test_nothing_set_gives_the_defaults() -> None:
    settings = load(EmbeddedSettings, {})
    assert settings.data_dir == Path(".data")
    assert settings.keys_dir == Path(".data/keys")
    assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8000)
    assert (settings.timezone, settings.language) == ("Asia/Shanghai", "zh-CN")
    assert (settings.log_format, settings.log_level) == ("auto", "info")
    assert (settings.master_key, settings.secret) == (None, None)


def test_what_is_set_holds_in_its_type() -> None:
    env = {
        **STACK,
        "WUYE_DATA_DIR": "/var/lib/漏",
        "WUYE_MAX_WORKERS": "12",
        "WUYE_HEALTH_PORT": "0",
        "WUYE_MASTER_KEY": KEY,
        "WUYE_TIMEZONE": "Europe/Vienna",
        "OTHER": "x",
    }
    settings = load(ServiceSettings, env)
    assert settings.keys_dir == Path("/var/lib/漏/keys")
    assert (settings.max_workers, settings.health_port, settings.master_key) == (12, 0, KEY)
    assert settings.timezone == "Europe/Vienna"
    assert load(ServiceSettings, {**env, "WUYE_KEYS_DIR": "/keys"}).keys_dir == Path("/keys")


def test_one_database_a_service_and_its_owner_s_own_url() -> None:
    settings = load(ServiceSettings, STACK)
    assert settings.database_of("billing") == "postgresql://wuye:geheim@db:5433/wuye_billing"
    assert settings.migration_of("billing") == settings.database_of("billing")
    owner = {"WUYE_MIGRATION_URL": "postgresql://owner@db/wuye_{service}"}
    assert load(ServiceSettings, STACK | owner).migration_of("a") == "postgresql://owner@db/wuye_a"


def test_every_fault_is_named_at_once_one_line_each() -> None:
    found = faults(
        ServiceSettings,
        {
            "WUYE_HTTP_PROT": "8000",
            "WUYE_MAX_WORKERS": "many",
            "WUYE_LANGUAGE": "de",
            "WUYE_DATABASE_URL": "mysql://db/x",
            "WUYE_NONSENSE_AT_ALL": "1",
        },
    )
    assert [line.split(":")[0] for line in found] == [
        "WUYE_BROKER_URL",
        "WUYE_DATABASE_URL='mysql",
        "WUYE_HTTP_PROT",
        "WUYE_LANGUAGE='de'",
        "WUYE_MAX_WORKERS='many'",
        "WUYE_NONSENSE_AT_ALL",
    ]
    assert "is missing" in found[0]
    assert found[2] == "WUYE_HTTP_PROT: is no setting; did you mean WUYE_HTTP_PORT?"
    assert found[3] == "WUYE_LANGUAGE='de': must be one of zh-CN, en"
    assert found[5] == "WUYE_NONSENSE_AT_ALL: is no setting"
    assert not any("\n" in line for line in found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_WORKERS", "0"),
        ("MAX_WORKERS", "-1"),
        ("MAX_WORKERS", "1.5"),
        ("MAX_WORKERS", "١٢"),
        ("MAX_WORKERS", " 12"),
        ("MAX_WORKERS", "9" * 5000),
        ("HEALTH_PORT", "65536"),
        ("HEALTH_HOST", "a b"),
        ("HEALTH_HOST", "a\nb"),
        ("LOG_FORMAT", "JSON"),
        ("LOG_LEVEL", "loud"),
        ("PASSWORD_COST", "none"),
        ("TIMEZONE", "Mars/Olympus"),
        ("TIMEZONE", "../../etc/passwd"),
        ("TIMEZONE", "/etc/localtime"),
        ("TIMEZONE", "Asia"),
        ("DATABASE_URL", "postgresql://db/wuye_{serv}"),
        ("DATABASE_URL", "postgresql://db/wuye_{service"),
        ("DATABASE_URL", "postgresql://db:99999/x"),
        ("DATABASE_URL", "postgresql://[::1/x"),
        ("DATABASE_URL", "db/x"),
        ("BROKER_URL", "amqp://"),
        ("BROKER_URL", "memory://"),
        ("MASTER_KEY", "A" * 42),
        ("MASTER_KEY", "short"),
        ("MASTER_KEY", "漏" * 43),
    ],
)
def test_a_value_that_is_not_valid(name: str, value: str) -> None:
    (line,) = faults(ServiceSettings, STACK | {f"WUYE_{name}": value})
    assert re.match(rf"WUYE_{name}=.*: must be ", line)


@pytest.mark.parametrize(
    "value",
    [
        "postgresql:///wuye_{service}?host=/run/postgresql",
        "postgres://u:p%40ss@[::1]:5432/wuye_{service}",
        "postgresql://db/wuye_billing",
    ],
)
def test_database_urls_that_are_valid(value: str) -> None:
    assert load(ServiceSettings, STACK | {"WUYE_DATABASE_URL": value}).database_url == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MASTER_KEY", "geheim"),
        ("SECRET", "geheim"),
        ("BROKER_URL", "http://wuye:geheim@broker"),
        ("BROKER_URL", "http://wuye:ge@heim@broker"),
        ("BROKER_URL", "http://wuye@broker?password=geheim"),
        ("BROKER_URL", "wuye:geheim@broker"),
        ("BROKER_URL", "amqp://wuye:geheim@[broker"),
    ],
)
def test_a_fault_shows_no_secret(name: str, value: str) -> None:
    kind = EdgeSettings if name == "SECRET" else ServiceSettings
    found = faults(kind, STACK | {f"WUYE_{name}": value})
    assert len(found) == 1
    assert "heim" not in found[0]
    assert "***" in found[0]


def test_an_unknown_variable_s_value_is_not_shown() -> None:
    assert "geheim" not in faults(EmbeddedSettings, {"WUYE_MASTERKEY": "geheim"})[0]


def test_names_count_in_capitals_alone() -> None:
    (line,) = faults(EmbeddedSettings, {"WUYE_http_port": "8001"})
    assert line == "WUYE_http_port: is no setting; did you mean WUYE_HTTP_PORT?"


def test_an_empty_variable_is_not_set() -> None:
    assert load(EmbeddedSettings, {"WUYE_HTTP_PORT": "", "WUYE_BROKER_URL": ""}).http_port == 8000
    assert "is missing" in faults(EdgeSettings, {"WUYE_BROKER_URL": ""})[0]


def test_one_environment_serves_all_processes_of_the_stack() -> None:
    env = STACK | {"WUYE_HTTP_PORT": "8001", "WUYE_SECRET": KEY, "WUYE_MASTER_KEY": KEY}
    for name in ("serve", "work", "migrate", "edge", "operator"):
        load(PROCESSES[name], env)


@pytest.mark.parametrize("name", ["DATABASE_URL", "BROKER_URL", "HTTP_HOST"])
def test_embedded_refuses_what_it_would_not_heed(name: str) -> None:
    env = STACK | {"WUYE_HTTP_HOST": "0.0.0.0"}
    (line,) = faults(EmbeddedSettings, {f"WUYE_{name}": env[f"WUYE_{name}"]})
    assert line.startswith(f"WUYE_{name}: embedded ")
    assert line.endswith("unset it, or run the stack")


def test_the_operator_may_have_a_broker() -> None:
    assert load(OperatorSettings, {}).broker_url is None
    assert load(OperatorSettings, STACK).broker_url == STACK["WUYE_BROKER_URL"]


def test_described_with_source_and_without_secrets() -> None:
    query = {"WUYE_MIGRATION_URL": "postgresql:///x?user=u&sslpassword=geheim&host=/run"}
    found = describe(ServiceSettings, STACK | query | {"WUYE_MASTER_KEY": KEY})
    by_name = {name: (value, source) for name, value, source in found}
    assert by_name["WUYE_DATABASE_URL"] == (
        "postgresql://wuye:***@db:5433/wuye_{service}",
        "environment",
    )
    assert by_name["WUYE_MIGRATION_URL"][0] == ("postgresql:///x?user=u&sslpassword=***&host=/run")
    assert by_name["WUYE_MASTER_KEY"] == ("***", "environment")
    assert by_name["WUYE_MAX_WORKERS"] == (256, "default")
    assert by_name["WUYE_KEYS_DIR"] == (".data/keys", "default")
    assert not any("geheim" in str(value) or KEY in str(value) for _, value, _ in found)


def test_a_secret_that_is_not_set_is_not_masked() -> None:
    found = {name: value for name, value, _ in describe(EmbeddedSettings, {})}
    assert found["WUYE_SECRET"] is None


def run(code: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("WUYE_")}
    return subprocess.run(
        [sys.executable, "-c", code], env=plain | env, capture_output=True, text=True, timeout=60
    )


def test_a_process_with_faults_ends_with_code_2() -> None:
    start = (
        "from shared.config.settings import EmbeddedSettings, load_or_exit\n"
        "print(load_or_exit(EmbeddedSettings).http_port)"
    )
    good = run(start, {"WUYE_HTTP_PORT": "8123"})
    assert (good.returncode, good.stdout) == (0, "8123\n")
    bad = run(start, {"WUYE_HTTP_PORT": "x", "WUYE_HTTP_PROT": "1"})
    assert (bad.returncode, bad.stdout) == (2, "")
    assert [line.split(":")[0] for line in bad.stderr.splitlines()] == [
        "WUYE_HTTP_PORT='x'",
        "WUYE_HTTP_PROT",
    ]
