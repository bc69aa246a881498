from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.privacy.keyring import BrokenSeal, Keyring, MemoryKeyStore
from shared.privacy.personal import ACTOR, Personal
from shared.privacy.seal import Sealer

HERE = "green.1:1:Said"


class Said(msgspec.Struct, frozen=True):
    person: str | None
    number: str
    words: Annotated[str | None, Personal("person")] = None
    remark: Annotated[str | None, Personal(ACTOR)] = None
    password: Annotated[str | None, Personal("person", secret=True)] = None


def sealer() -> Sealer:
    return Sealer(Keyring(MemoryKeyStore(), bytes(32)))


def said(**changes: Any) -> dict[str, Any]:
    made = Said("li", "R-1", words="漏水", remark="noted", password="hash")
    return {**msgspec.to_builtins(made), **changes}


def test_only_personal_text_is_sealed_each_for_its_person() -> None:
    data = said()
    sealed = sealer().seal_data(Said, data, actor="wang", context=HERE)
    assert (sealed["person"], sealed["number"]) == ("li", "R-1")
    assert sealed["words"].startswith("sealed:1:li:")
    assert sealed["password"].startswith("sealed:1:li:")
    assert sealed["remark"].startswith("sealed:1:wang:")
    assert data == said()


text = st.none() | st.text(st.characters(exclude_categories=["Cs"]))


@given(text, text, text)
def test_what_was_sealed_opens_as_it_was(words: str, remark: str, password: str) -> None:
    box = sealer()
    data = said(words=words, remark=remark, password=password)
    sealed = box.seal_data(Said, data, actor="wang", context=HERE)
    assert box.open_data(Said, sealed, context=HERE) == data
    assert [sealed[name] is None for name in ("words", "remark", "password")] == [
        data[name] is None for name in ("words", "remark", "password")
    ]


def test_text_of_no_person_is_its_actor_s() -> None:
    sealed = sealer().seal_data(Said, said(person=None), actor="wang", context=HERE)
    assert sealed["words"].startswith("sealed:1:wang:")


@pytest.mark.parametrize("actor", [None, ""])
def test_text_of_nobody_at_all_is_refused(actor: str | None) -> None:
    with pytest.raises(ValueError, match=r"Said\.words holds text of nobody"):
        sealer().seal_data(Said, said(person=None), actor=actor, context=HERE)


def test_left_out_fields_stay_left_out() -> None:
    box = sealer()
    data = {"person": "li", "number": "R-1"}
    sealed = box.seal_data(Said, data, actor="wang", context=HERE)
    assert sealed == data == box.open_data(Said, data, context=HERE) == box.withhold(Said, data)


def test_text_opens_only_at_its_own_place_and_field() -> None:
    box = sealer()
    sealed = box.seal_data(Said, said(), actor="wang", context=HERE)
    with pytest.raises(BrokenSeal):
        box.open_data(Said, sealed, context="green.1:2:Said")
    swapped = {**sealed, "words": sealed["password"], "password": sealed["words"]}
    with pytest.raises(BrokenSeal):
        box.open_data(Said, swapped, context=HERE)


def test_plain_text_in_a_sealed_field_is_not_taken_for_opened() -> None:
    with pytest.raises(BrokenSeal, match="not a sealed text"):
        sealer().open_data(Said, said(), context=HERE)


def test_a_forgotten_person_leaves_none() -> None:
    ring = Keyring(MemoryKeyStore(), bytes(32))
    box = Sealer(ring)
    sealed = box.seal_data(Said, said(), actor="wang", context=HERE)
    ring.destroy("li")
    assert box.open_data(Said, sealed, context=HERE) == said(words=None, password=None)
    again = box.seal_data(Said, said(), actor="wang", context=HERE)
    assert (again["words"], again["password"]) == (None, None)
    assert again["remark"].startswith("sealed:1:wang:")


def test_half_a_character_is_invalid_and_names_the_field() -> None:
    with pytest.raises(Invalid) as refused:
        sealer().seal_data(Said, said(words="\ud83d"), actor="wang", context=HERE)
    assert list(refused.value.fields) == ["words"]


def test_withheld_from_those_who_may_not_read() -> None:
    box = sealer()
    assert box.withhold(Said, said()) == said(words=None, remark=None, password=None)
    assert box.withhold_secrets(Said, said()) == said(password=None)
