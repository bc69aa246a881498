"""Reading CSV line by line: one broken line costs that line alone."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cli.imports.lines import MOST_BYTES, Fault, Lines, Record
from shared.errors import Invalid

HEADER = b"id,name,note\n"


def read(body: bytes, header: bytes = HEADER) -> list[Record | Fault]:
    return list(Lines(io.BytesIO(header + body), ("id", "note")))


def rows(body: bytes) -> list[tuple[int, list[str]]]:
    found = read(body)
    assert all(isinstance(one, Record) for one in found), found
    return [(one.line, list(one.fields.values())) for one in found if isinstance(one, Record)]


def faults(body: bytes) -> list[tuple[int, str]]:
    return [(one.line, one.reason) for one in read(body) if isinstance(one, Fault)]


def test_fields_come_by_name_with_the_line_they_begin_in() -> None:
    assert read(b"1,ann,\xe6\xbc\x8f\xe6\xb0\xb4\n")[0] == Record(
        2, {"id": "1", "name": "ann", "note": "漏水"}
    )


def test_quoted_fields_hold_commas_quotes_and_lines() -> None:
    assert rows(b'1,"a, b","say ""hi"""\n2,c,"two\r\nlines"\n3,d,e\n') == [
        (2, ["1", "a, b", 'say "hi"']),
        (3, ["2", "c", "two\r\nlines"]),
        (5, ["3", "d", "e"]),
    ]


def test_blank_lines_and_a_missing_last_line_end() -> None:
    assert rows(b"\n1,a,b\r\n   \n2,c,d") == [(3, ["1", "a", "b"]), (5, ["2", "c", "d"])]


def test_a_quote_inside_plain_text_is_text() -> None:
    assert rows(b'1,a,a 5" pipe\n2,c,d\n') == [(2, ["1", "a", 'a 5" pipe']), (3, ["2", "c", "d"])]


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert len(list(Lines(io.BytesIO(b"\xef\xbb\xbf" + HEADER + b"1,a,b\n"), ("id",)))) == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"1,a\n", "has 2 fields, not 3"),
        (b"1,a,b,c\n", "has 4 fields, not 3"),
        (b"1,\xff,b\n", "is not UTF-8: byte 0xFF at 3"),
        (b'1,"a"b,c\n', "',' expected after '\"'"),
        (b'1,"a,b\n', "a quote is opened and not closed"),
        (b"1,a," + b"x" * MOST_BYTES + b"\n", f"is longer than {MOST_BYTES} bytes"),
    ],
)
def test_a_broken_line_costs_that_line_alone(line: bytes, reason: str) -> None:
    found = read(b"0,before,x\n" + line + b'8,"after",y\n9,last,"z"\n')
    assert [type(one) for one in found] == [Record, Fault, Record, Record]
    assert found[1] == Fault(3, "line", reason)
    assert [one.line for one in found] == [2, 3, 4, 5]


def test_an_unclosed_quote_at_the_end_of_the_file() -> None:
    found = read(b'1,"open,\n2,a,b\n3,c,d\n')
    assert [type(one) for one in found] == [Fault, Record, Record]


def test_what_an_unclosed_quote_would_swallow_is_read() -> None:
    found = read(b'1,"open,x\n2,a,b\n3,"c",d\n')
    assert faults(b'1,"open,x\n2,a,b\n3,"c",d\n') == [(2, "a quote is opened and not closed")]
    assert [one.fields["id"] for one in found if isinstance(one, Record)] == ["2", "3"]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (b"", "lacks id, note"),
        (b"id;name;note\n", "lacks id, note"),
        (b"id,name\n", "lacks note"),
        (b"id,note,id\n", "twice: id"),
        (b"\xff\xfei\x00d\x00\n", "not UTF-8"),
        (b'"id,note\n', "no header"),
    ],
)
def test_a_wrong_header_is_an_error_of_the_whole_file(header: bytes, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        Lines(io.BytesIO(header), ("id", "note"))


@given(st.lists(st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b"")), max_size=20))
@example([b'a,"b', b'c,d"', b"e,f,g"])
def test_every_line_that_is_not_blank_is_read_or_refused(lines: list[bytes]) -> None:
    body = b"".join(line + b"\n" for line in lines)
    told: set[int] = set()
    for one in read(body):
        length = 1
        if isinstance(one, Record):
            length += sum(value.count("\n") for value in one.fields.values())
        told.update(range(one.line, one.line + length))
    assert told == {number for number, line in enumerate(lines, start=2) if line.strip()} | {
        # a blank line within a quoted text belongs to its record
        number
        for number in told
        if number - 2 < len(lines) and not lines[number - 2].strip()
    }
