"""``python -m deploy.release [--dry-run]``: what a release is made of, into ``dist/``.

The version is pyproject's. Checked first: its section in CHANGELOG.md, contracts that are the
code's and break nothing that the last release promised, a tree with nothing uncommitted, a tag not
given yet. Made: wheel, sdist, a CycloneDX list of what they need and bring (SBOM), and checksums;
the wheel is tried. Then the release's contracts are committed as the promise of today, and tagged;
a dry run leaves that out, and takes a tree as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from cli.compatibility import BASELINE, baseline
from cli.contracts import promised, readable

ROOT = Path(__file__).parents[1]
# what lies in the wheel and no lock names
_BUNDLED = [
    {
        "type": "library",
        "bom-ref": "htmx.org@2.0.11",
        "name": "htmx.org",
        "version": "2.0.11",
        "purl": "pkg:npm/htmx.org@2.0.11",
        "licenses": [{"license": {"id": "0BSD"}}],
    }
]


class NotReady(Exception):
    """Why there can be no release; one line."""


def main(words: list[str]) -> int:
    dry = words == ["--dry-run"]
    if words and not dry:
        print("usage: python -m deploy.release [--dry-run]", file=sys.stderr)
        return 2
    try:
        release(ROOT, dry)
    except NotReady as why:
        print(f"release: {why}", file=sys.stderr)
        return 1
    return 0


def release(root: Path, dry: bool) -> None:
    version = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    changes(root, version)
    if not dry:
        _tree(root, version)
    _run(root, "wuye contracts", sys.executable, "-m", "cli.main", "contracts")
    kept = root / "contracts" / BASELINE
    before = kept.read_text(encoding="utf-8")
    kept.write_text(baseline(promised(root / "contracts"), version, readable()), encoding="utf-8")
    try:
        made = _made(root, version)
        for path in made:
            print(f"release: made {path.relative_to(root)}")
        if dry:
            print(f"release: {version} could be made; nothing was committed or tagged")
            return
        _git(root, "commit", "--quiet", "--allow-empty", "-m", f"Release {version}", str(kept))
    finally:
        if dry:
            kept.write_text(before, encoding="utf-8")
    _git(root, "tag", "-a", f"v{version}", "-m", f"wuye {version}")
    print(f"release: committed and tagged v{version}; push the tag and upload dist/")


def changes(root: Path, version: str) -> str:
    """What CHANGELOG.md says of a version. Raises ``NotReady`` where it says nothing."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    if not sections or sections[0].split("\n")[0].split(" ")[0] != version:
        raise NotReady(f"the first section of CHANGELOG.md is not {version}'s")
    said = sections[0].partition("\n")[2].strip()
    if not said:
        raise NotReady(f"CHANGELOG.md says nothing of {version}")
    return said


def _tree(root: Path, version: str) -> None:
    if _git(root, "status", "--porcelain"):
        raise NotReady("something is uncommitted: commit it, or try --dry-run")
    if _git(root, "tag", "--list", f"v{version}"):
        raise NotReady(f"v{version} was released: raise the version in pyproject.toml")


def _made(root: Path, version: str) -> list[Path]:
    dist = root / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    dist.mkdir()
    uv = str(Path(sys.executable).with_name("uv"))
    python = ["--python", sys.executable, "--no-build-isolation", "--no-config"]
    _run(root, "uv build", uv, "build", "--quiet", *python, "--out-dir", str(dist))
    (dist / ".gitignore").unlink(missing_ok=True)
    wheel = dist / f"wuye-{version}-py3-none-any.whl"
    _try(wheel)
    sbom(root, dist / f"wuye-{version}.cdx.json")
    made = sorted(dist.iterdir())
    sums = "".join(f"{hashlib.sha256(one.read_bytes()).hexdigest()}  {one.name}\n" for one in made)
    (dist / "SHA256SUMS").write_text(sums)
    return [*made, dist / "SHA256SUMS"]


def _try(wheel: Path) -> None:
    """Its contracts are those of its code, with nothing of this folder at hand."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.unpack_archive(wheel, place, "zip")
        # -P and the folder: the wheel's packages, and the requirements of this environment
        ask = "import cli, sys; sys.exit(not cli.__file__.startswith(sys.argv[1]))"
        _run(place, "the wheel", sys.executable, "-c", ask, str(place.resolve()))
        _run(place, "the wheel", sys.executable, "-m", "cli.main", "contracts")


def sbom(root: Path, file: Path) -> None:
    """Write the list of what is needed, as locked with its digests, and of what is bundled."""
    program = str(Path(sys.executable).with_name("cyclonedx-py"))
    # validated below, with what it does not find
    options = ["--no-validate", "--output-reproducible", "-o", str(file)]
    options += ["--pyproject", "pyproject.toml"]
    _run(root, "cyclonedx-py", program, "requirements", *options, "requirements.txt")
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    found["components"] += _BUNDLED
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if fault is not None:
        raise NotReady(f"the SBOM is not valid: {fault}")
    file.write_text(text, encoding="utf-8")


def _git(root: Path, *words: str) -> str:
    return _run(root, f"git {words[0]}", "git", *words).strip()


def _run(folder: Path, what: str, *words: str) -> str:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise NotReady(f"{what}: {(done.stdout + done.stderr).strip()}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
