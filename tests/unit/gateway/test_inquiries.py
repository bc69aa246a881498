"""What staff are told of an answer, and of an order made of an inquiry: who hears of it."""

from __future__ import annotations

import pytest

from services.gateway.inquiries.pages import answered, becomes


@pytest.mark.parametrize(
    ("reporter", "channel", "english", "chinese"),
    [
        ("garden.li", "qr", "The answer is sent.", "答复已发送。"),
        (
            None,
            "qr",
            "Whoever wrote it sees the answer with their code.",
            "填写人凭查询码可以看到答复。",
        ),
        (
            None,
            "phone",
            "Nobody is named to whom it could be sent: the answer is only kept here.",
            "未留名，无法发送：答复仅保留在此。",
        ),
    ],
    ids=["named", "by a sign", "nobody"],
)
def test_an_answer_is_sent_to_who_is_named_alone(
    language: str, reporter: str | None, channel: str, english: str, chinese: str
) -> None:
    said = answered({"reporter": reporter, "channel": channel})
    assert said == (english if language == "en" else chinese)


@pytest.mark.parametrize(
    ("reporter", "channel", "english", "chinese"),
    [
        ("garden.li", "qr", "tells the reporter what becomes of it.", "并会告知提出人进展。"),
        (None, "qr", "sees with their code what becomes of it.", "填写人凭查询码可以看到进展。"),
        (None, "phone", "Nobody is named whom it could tell", "未留名，无人可告知进展。"),
    ],
    ids=["named", "by a sign", "nobody"],
)
def test_an_order_made_of_it_tells_who_is_named_alone(
    language: str, reporter: str | None, channel: str, english: str, chinese: str
) -> None:
    assert (english if language == "en" else chinese) in becomes(
        {"reporter": reporter, "channel": channel}
    )
