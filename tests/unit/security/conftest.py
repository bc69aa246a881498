"""One estate a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.security.estate import Estate


@pytest.fixture
def estate() -> Iterator[Estate]:
    made = Estate()
    yield made
    made.close()


@pytest.fixture
def garden(estate: Estate) -> Estate:
    """With a community."""
    estate.community()
    return estate
