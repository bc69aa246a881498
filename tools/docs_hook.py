"""For `make docs`: what a page links to beyond docs/ must be there, and is named on the site."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from typing import Any

logger = logging.getLogger("mkdocs.hooks")
_LINK = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<way>(?:\.\./)+[^)#\s]*)(?:#[^)\s]*)?\)")


def on_page_markdown(markdown: str, *, page: Any, config: Any, **_: Any) -> str:
    """A link out of docs/ becomes its text: the site has no such page."""
    docs = Path(config.docs_dir)
    folder = Path(page.file.abs_src_path).parent

    def named(link: re.Match[str]) -> str:
        target = Path(os.path.normpath(folder / link["way"]))
        if target.is_relative_to(docs):
            return link[0]
        if not target.exists():
            # a warning fails a strict build
            logger.warning("%s links to %s, which is not there", page.file.src_uri, link["way"])
        return f"{link['text']} (`{target.relative_to(docs.parent)}`)"

    return _LINK.sub(named, markdown)
