"""A release is made of a clean tree, said in the changelog, and lists what is in it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

from deploy.release import NotReady, changes, release

ROOT = Path(__file__).parents[3]


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "test")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "test@example.org")
    subprocess.run(["git", "clone", "--quiet", "--no-tags", ROOT, tmp_path / "wuye"], check=True)
    return tmp_path / "wuye"


def _git(root: Path, *words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


def _commit_version(root: Path, version: str) -> None:
    project = root / "pyproject.toml"
    text = re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', project.read_text())
    project.write_text(text)
    log = root / "CHANGELOG.md"
    log.write_text(log.read_text().replace("\n## ", f"\n## {version}\n\nTried.\n\n## ", 1))
    _git(root, "commit", "-qam", "Raise the version")


@pytest.mark.timeout(180)
def test_a_release_is_built_listed_committed_and_tagged_once(clone: Path) -> None:
    _commit_version(clone, "7.8.9")
    release(clone, dry=False)
    assert _git(clone, "tag", "--points-at", "HEAD") == "v7.8.9"
    assert _git(clone, "status", "--porcelain") == ""
    promised = json.loads((clone / "contracts" / "released.json").read_text())
    assert promised["version"] == "7.8.9" and "billing/rpc/pay.json" in promised["contracts"]

    sums = (clone / "dist" / "SHA256SUMS").read_text().splitlines()
    found = {line.split()[1]: line.split()[0] for line in sums}
    names = ("-py3-none-any.whl", ".tar.gz", ".cdx.json")
    assert set(found) == {f"wuye-7.8.9{name}" for name in names}
    for name, digest in found.items():
        assert hashlib.sha256((clone / "dist" / name).read_bytes()).hexdigest() == digest

    sbom = json.loads((clone / "dist" / "wuye-7.8.9.cdx.json").read_text())
    assert sbom["metadata"]["component"]["version"] == "7.8.9"
    listed = {(one["name"], one["version"]) for one in sbom["components"]}
    lock = (ROOT / "requirements.txt").read_text()
    locked = re.findall(r"(?m)^([\w.-]+)==([^ ;\\]+)", lock)
    assert locked and set(locked) <= listed

    with pytest.raises(NotReady, match=r"v7\.8\.9 was released"):
        release(clone, dry=False)


def test_what_is_uncommitted_is_not_released(clone: Path) -> None:
    (clone / "README.md").write_text("changed")
    with pytest.raises(NotReady, match="uncommitted"):
        release(clone, dry=False)


def test_what_breaks_a_promise_is_not_released(clone: Path) -> None:
    kept = clone / "contracts" / "released.json"
    kept.write_text(kept.read_text().replace('"BillPaid"', '"BillShredded"'))
    with pytest.raises(NotReady, match=r"breaks: billing/BillPaid\.v1\.json: type may no longer"):
        release(clone, dry=True)
    assert not (clone / "dist").exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [("# Changes\n\n## 0.0.9\n\nOld.\n", "is not 0.1.0's"), ("## 0.1.0\n", "says nothing")],
)
def test_a_version_the_changelog_does_not_tell_of_is_not_released(
    tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "CHANGELOG.md").write_text(text)
    with pytest.raises(NotReady, match=why):
        changes(tmp_path, "0.1.0")


def test_todays_version_is_told_of() -> None:
    version = re.search(r'(?m)^version = "(.*)"$', (ROOT / "pyproject.toml").read_text())
    assert version is not None and changes(ROOT, version[1])


def test_all_that_is_bundled_is_listed() -> None:
    """The licence of each stands beside it, and its version in NOTICE as in the list."""
    vendored = ROOT / "services" / "gateway" / "frame" / "static" / "vendor"
    assert {one.name.split(".")[0] for one in vendored.iterdir()} == {"htmx"}
    list_ = (ROOT / "deploy" / "release.py").read_text()
    version = re.search(r"htmx ([\d.]+\d)", (ROOT / "NOTICE").read_text())
    assert version is not None and f"htmx.org@{version[1]}" in list_
    assert version[1] in (vendored / "htmx.min.js").read_text()
