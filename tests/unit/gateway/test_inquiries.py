"""What staff are told of an answer: that it was sent, or that there is nobody to send it to."""

from __future__ import annotations

import pytest

from services.gateway.inquiries.pages import answered


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
