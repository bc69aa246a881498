import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.observability.traceparent import TraceParent, child, parse, valid

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
GOOD = f"00-{TRACE}-{SPAN}-01"


def test_the_standard_s_own_example() -> None:
    assert parse(GOOD) == TraceParent(TRACE, SPAN, 1)
    assert str(parse(GOOD)) == GOOD
    assert valid(GOOD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        GOOD.upper(),
        f" {GOOD}",
        f"{GOOD}\n",
        f"{GOOD}-",
        f"{GOOD}-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE[:-1]}g-{SPAN}-01",
        f"00-{TRACE[:-1]}١-{SPAN}-01",
        f"0-{TRACE}-{SPAN}-01",
        f"01-{TRACE}-{SPAN}-01more",
    ],
)
def test_what_breaks_the_standard(text: str) -> None:
    assert parse(text) is None
    assert not valid(text)


@pytest.mark.parametrize("text", [f"01-{TRACE}-{SPAN}-01", f"cc-{TRACE}-{SPAN}-01-what-will-be"])
def test_a_later_version_is_read_but_not_kept(text: str) -> None:
    assert parse(text) == TraceParent(TRACE, SPAN, 1)
    assert not valid(text)


def test_a_child_has_its_parent_s_trace_and_a_span_of_its_own() -> None:
    first, second = child(GOOD), child(GOOD)
    assert valid(first)
    assert first.startswith(f"00-{TRACE}-")
    assert len({first[36:52], second[36:52], SPAN}) == 3


@pytest.mark.parametrize(
    ("flags", "kept"), [("00", "00"), ("01", "01"), ("03", "03"), ("fe", "02")]
)
def test_a_child_keeps_the_flags_it_knows(flags: str, kept: str) -> None:
    assert child(f"00-{TRACE}-{SPAN}-{flags}").endswith(f"-{kept}")


@given(st.none() | st.text(max_size=60))
def test_without_a_parent_a_new_trace_begins(text: str | None) -> None:
    first, second = child(text), child(text)
    assert valid(first)
    assert first.endswith("-03")
    assert first[3:35] != second[3:35]
