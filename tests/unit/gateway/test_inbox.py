"""Where a message leads."""

from __future__ import annotations

import pytest

from services.gateway.inbox.pages import page_of


@pytest.mark.parametrize(
    ("number", "page"),
    [
        ("R-2026-000001", "orders.show"),
        ("S-2026-000001", "inquiries.show"),
        ("2027", "levels.show_calendar"),
        ("B-2026-000001", None),
        ("20271", None),
    ],
)
def test_a_message_leads_to_what_its_number_names(number: str, page: str | None) -> None:
    assert page_of(number) == page
