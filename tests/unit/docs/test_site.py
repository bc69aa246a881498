"""The docs build as a site, and no link in them leads to nothing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
_ELSEWHERE = re.compile(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)="?https?://""")


def _build(root: Path, site: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)],
        cwd=root,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )


def test_the_site_builds_and_asks_nobody_else_for_anything(tmp_path: Path) -> None:
    done = _build(ROOT, tmp_path)
    assert done.returncode == 0, done.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert {"index.html", "operations.html"} <= {page.name for page in pages}
    assert [page for page in pages if _ELSEWHERE.search(page.read_text(encoding="utf-8"))] == []


def test_a_link_to_nothing_fails(tmp_path: Path) -> None:
    """To a page, to a file beyond docs, to a heading: each is told of, and the build fails."""
    for name in ("docs", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("contracts", "deploy", "benchmarks", "README.md"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    links = ("gone.md", "../gone/", "operations.md#lost")
    text = "\n\n".join(f"[gone]({link})" for link in links)
    (tmp_path / "docs" / "api.md").write_text(f"# API\n\n{text}\n")
    done = _build(tmp_path, tmp_path / "site")
    assert done.returncode != 0
    told = [line for line in done.stderr.splitlines() if line.startswith("WARNING")]
    for link in links:
        assert any("api.md" in line and link in line for line in told), (link, told)


def test_no_link_of_the_readme_leads_to_nothing() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?://)([^)#]+)", text)
    assert links and [link for link in links if not (ROOT / link).exists()] == []
