from typing import Annotated

import msgspec
import pytest

from shared.privacy.personal import ACTOR, Personal, PersonalField, personal_fields


class Reported(msgspec.Struct, frozen=True):
    reporter: str | None
    number: str
    description: Annotated[str | None, Personal("reporter")] = None
    note: Annotated[str | None, Personal(ACTOR)] = None
    password: Annotated[
        Annotated[str, msgspec.Meta(max_length=99)] | None, Personal("reporter", secret=True)
    ] = None


class Inner(msgspec.Struct, frozen=True):
    person: str
    words: Annotated[str | None, Personal("person")]


class WithList(msgspec.Struct, frozen=True):
    person: str
    words: list[Annotated[str | None, Personal("person")]]


class WithInner(msgspec.Struct, frozen=True):
    inner: dict[str, Inner] | None


class Tree(msgspec.Struct, frozen=True):
    children: tuple["Tree", ...] = ()


class UnknownOf(msgspec.Struct, frozen=True):
    words: Annotated[str | None, Personal("persn")]
    person: str


class OfNumber(msgspec.Struct, frozen=True):
    person: int
    words: Annotated[str | None, Personal("person")]


class OfPersonal(msgspec.Struct, frozen=True):
    person: Annotated[str | None, Personal(ACTOR)]
    words: Annotated[str | None, Personal("person")]


class NotNullable(msgspec.Struct, frozen=True):
    words: Annotated[str, Personal(ACTOR)]


class Number(msgspec.Struct, frozen=True):
    words: Annotated[int | None, Personal(ACTOR)]


class Renamed(msgspec.Struct, frozen=True, rename="camel"):
    long_words: Annotated[str | None, Personal(ACTOR)]


def test_the_marked_fields_in_the_struct_s_order() -> None:
    assert personal_fields(Reported) == (
        PersonalField("description", "reporter", False),
        PersonalField("note", "@actor", False),
        PersonalField("password", "reporter", True),
    )


def test_a_struct_without_personal_text_has_none() -> None:
    assert personal_fields(Tree) == ()


def test_the_marker_does_not_change_what_msgspec_reads() -> None:
    read = msgspec.json.decode(
        '{"reporter":"li","number":"R-1","description":"漏水"}', type=Reported
    )
    assert read.description == "漏水"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (UnknownOf, "names no field"),
        (OfNumber, "person must be a plain str"),
        (OfPersonal, "person must be a plain str"),
        (NotNullable, r"str \| None"),
        (Number, r"str \| None"),
        (Renamed, "renamed"),
        (WithList, "field of the struct itself"),
        (WithInner, "field of the struct itself"),
    ],
)
def test_a_marker_that_would_leave_text_unsealed_is_refused(wrong: type, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        personal_fields(wrong)
