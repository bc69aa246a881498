import json
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shared.clock import ManualClock
from shared.identity import keys
from shared.identity.caller import Caller, Post
from shared.identity.keys import BadKey, ServiceIdentity
from shared.identity.tokens import TokenVerifier

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_makes_all_keys_private_ones_for_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "keys"
    keys.ensure(folder, ["billing", "security"])
    assert set(contents(folder)) == {
        "billing.key",
        "security.key",
        "services.json",
        "master.key",
        "cookie.key",
        ".lock",
    }
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert {modes[name] for name in modes if name.endswith(".key")} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    published = json.loads((folder / "services.json").read_text())
    assert set(published) == {"billing", "security"}
    for name, key in keys.public_keys(folder).items():
        assert key == keys.load_private(folder, name).public_key()
    assert (folder / "billing.key").read_text().startswith("-----BEGIN PRIVATE KEY-----")


def test_keeps_what_is_there_and_adds_what_is_not(tmp_path: Path) -> None:
    keys.ensure(tmp_path, ["billing"])
    before = contents(tmp_path)
    keys.ensure(tmp_path, ["billing"])
    assert contents(tmp_path) == before
    keys.ensure(tmp_path, ["security"])
    after = contents(tmp_path)
    assert {name: after[name] for name in before if name != "services.json"} == {
        name: before[name] for name in before if name != "services.json"
    }
    assert set(keys.public_keys(tmp_path)) == {"billing", "security"}


def test_half_a_file_of_a_crash_is_made_whole(tmp_path: Path) -> None:
    (tmp_path / ".billing.key.new").write_bytes(b"half")
    (tmp_path / ".services.json.new").write_bytes(b"half")
    keys.ensure(tmp_path, ["billing"])
    assert (
        keys.public_keys(tmp_path)["billing"] == keys.load_private(tmp_path, "billing").public_key()
    )
    assert not list(tmp_path.glob("*.new"))


def test_two_at_once_agree(tmp_path: Path) -> None:
    names = ["billing", "security", "workorders"]
    starts = [threading.Thread(target=keys.ensure, args=(tmp_path, [name])) for name in names * 3]
    for start in starts:
        start.start()
    for start in starts:
        start.join(10)
    assert keys.public_keys(tmp_path) == {
        name: keys.load_private(tmp_path, name).public_key() for name in names
    }


@pytest.mark.parametrize("name", ["", "../evil", "a/b", "A", "a.b", ".hidden"])
def test_a_service_name_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no service name"):
        keys.ensure(tmp_path, [name])


def test_a_missing_key_says_which_file(tmp_path: Path) -> None:
    with pytest.raises(BadKey, match=r"billing\.key cannot be read \(No such file"):
        keys.load_private(tmp_path, "billing")
    with pytest.raises(BadKey, match=r"services\.json cannot be read"):
        keys.public_keys(tmp_path)
    with pytest.raises(BadKey, match=r"master\.key cannot be read"):
        keys.master_key(tmp_path, None)


def test_a_wrong_key_file_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "billing.key").write_text("漏水")
    with pytest.raises(BadKey, match="no private key in PEM"):
        keys.load_private(tmp_path, "billing")
    other = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "billing.key").write_bytes(other)
    with pytest.raises(BadKey, match="not an Ed25519 key"):
        keys.load_private(tmp_path, "billing")


@pytest.mark.parametrize("text", ["", "[]", '{"billing": 1}', '{"billing": "AAAA"}', '{"a": "漏"}'])
def test_wrong_public_keys_are_called_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "services.json").write_text(text)
    with pytest.raises(BadKey, match=r"services\.json should hold"):
        keys.public_keys(tmp_path)


def test_the_master_key_is_given_or_in_its_file(tmp_path: Path) -> None:
    keys.ensure(tmp_path, [])
    made = keys.master_key(tmp_path, None)
    assert len(made) == 32
    assert keys.master_key(tmp_path, None) == made != keys.cookie_secret(tmp_path, None)
    assert (
        keys.master_key(tmp_path, "A" * 43)
        == bytes(32)
        == keys.master_key(tmp_path, "A" * 43 + "=")
    )


@pytest.mark.parametrize("text", ["", "A" * 42, "A" * 44, "漏" * 43, "!" * 43])
def test_a_wrong_secret_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadKey, match="the given secret") as refused:
        keys.cookie_secret(tmp_path, text)
    assert not text or text not in str(refused.value)


def test_a_service_s_token_is_verified_by_its_public_key() -> None:
    clock = ManualClock(NOW)
    key = Ed25519PrivateKey.generate()
    billing = ServiceIdentity("billing", key, clock)
    verifier = TokenVerifier(
        {"service:billing": key.public_key()}.get, lambda _session: True, clock
    )
    assert verifier.verify(billing.token()) == Caller(
        "service:billing", (Post("service", "*"),), None, "zh-CN", {}
    )


def test_an_operator_holds_the_posts_given() -> None:
    clock, key = ManualClock(NOW), Ed25519PrivateKey.generate()
    posts = (Post("service", "*"), Post("reader", "green", ("g1",)))
    verifier = TokenVerifier(lambda _kid: key.public_key(), lambda _session: False, clock)
    assert verifier.verify(ServiceIdentity("operator", key, clock, posts).token()).posts == posts


def test_a_token_is_kept_until_half_its_life_is_over() -> None:
    clock, key = ManualClock(NOW), Ed25519PrivateKey.generate()
    billing = ServiceIdentity("billing", key, clock)
    verifier = TokenVerifier(lambda _kid: key.public_key(), lambda _session: False, clock)
    first = billing.token()
    clock.advance(timedelta(seconds=299))
    assert billing.token() == first
    clock.advance(timedelta(seconds=1))
    second = billing.token()
    assert second != first
    clock.advance(timedelta(days=3))
    verifier.verify(billing.token())
