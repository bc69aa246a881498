"""Documents that are printed from the code say what the code says."""

from pathlib import Path

from services.workorders.orders.domain.lifecycle import markdown_table

DOCS = Path(__file__).parents[3] / "docs"


def test_the_lifecycle_page_is_the_table() -> None:
    assert markdown_table() in (DOCS / "lifecycle.md").read_text(encoding="utf-8")


def test_every_decision_is_listed() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (DOCS / "decisions").glob("0*.md")}
    assert pages
    assert [page for page in sorted(pages) if f"({page})" not in listed] == []
