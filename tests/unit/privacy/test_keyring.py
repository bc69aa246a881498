import base64
import threading
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.privacy.keyring import (
    BrokenSeal,
    Forgotten,
    Keyring,
    MemoryKeyStore,
    WrongMasterKey,
)

MASTER = bytes(range(32))
AAD = b"_.1:1:Said:words"


class CountingStore(MemoryKeyStore):
    """The memory store, counting how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def get(self, person: str) -> bytes | None:
        self.reads += 1
        return super().get(person)


class Seconds:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


text = st.text(st.characters(exclude_categories=["Cs"]))


@given(text, st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.binary())
def test_what_was_sealed_opens_byte_for_byte(plain: str, person: str, aad: bytes) -> None:
    ring = Keyring(MemoryKeyStore(), MASTER)
    token = ring.seal(person, plain, aad)
    assert token.startswith(f"sealed:1:{person}:")
    opened = ring.open(token, aad)
    assert opened is not None
    assert opened.encode() == plain.encode()


@pytest.mark.parametrize(
    "plain",
    [
        "",
        "漏水了",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "تسرب المياه \u202e!",
        "e\u0301 ẹ̃ Z͑ͫ̓ͪ̂ͫ̽",
        "\x00\x1f\u2028",
        "sealed:1:li:AAAA",
    ],
)
def test_hard_texts_come_back(plain: str) -> None:
    ring = Keyring(MemoryKeyStore(), MASTER)
    assert ring.open(ring.seal("li", plain, AAD), AAD) == plain


def test_the_same_text_is_never_sealed_the_same() -> None:
    ring = Keyring(MemoryKeyStore(), MASTER)
    assert len({ring.seal("li", "yes", AAD) for _ in range(50)}) == 50


def test_half_a_character_is_refused_before_anything_is_made() -> None:
    store = MemoryKeyStore()
    with pytest.raises(UnicodeEncodeError):
        Keyring(store, MASTER).seal("li", "a\ud83d", AAD)
    assert store.get("li") is None


@given(st.binary(), st.binary())
def test_a_text_moved_elsewhere_does_not_open(here: bytes, there: bytes) -> None:
    ring = Keyring(MemoryKeyStore(), MASTER)
    token = ring.seal("li", "secret", here)
    if here == there:
        assert ring.open(token, there) == "secret"
    else:
        with pytest.raises(BrokenSeal, match="altered, or moved"):
            ring.open(token, there)


@given(st.data())
def test_no_byte_of_a_token_can_be_altered(data: st.DataObject) -> None:
    ring = Keyring(MemoryKeyStore(), MASTER)
    ring.seal("wang", "other", AAD)
    token = ring.seal("li", "secret 漏水", AAD)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda c: c != token[at]))
    altered = token[:at] + other + token[at + 1 :]
    if altered.startswith("sealed:1:li:") and other != ":":
        with pytest.raises(BrokenSeal):
            ring.open(altered, AAD)
    else:
        with suppress(BrokenSeal):
            assert ring.open(altered, AAD) is None  # of a person unknown: as good as forgotten


def test_there_is_one_way_to_write_a_token() -> None:
    """The last character of base64 may hold bits that say nothing; they count all the same."""
    ring = Keyring(MemoryKeyStore(), MASTER)
    token = ring.seal("li", "abc", AAD)  # 31 bytes: the last character says two bits of its six
    assert token[-1] in "AQgw"
    with pytest.raises(BrokenSeal, match="not a sealed text"):
        ring.open(token[:-1] + chr(ord(token[-1]) + 1), AAD)


def test_a_token_cannot_be_given_to_another_person() -> None:
    ring = Keyring(MemoryKeyStore(), MASTER)
    ring.seal("wang", "mine", AAD)
    with pytest.raises(BrokenSeal):
        ring.open(ring.seal("li", "hers", AAD).replace(":li:", ":wang:"), AAD)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "漏水",
        "sealed:1:",
        "sealed:1:li",
        "sealed:1:li:",
        "sealed:1::QQ",
        "sealed:2:li:" + "A" * 60,
        "sealed:1:li:AA==",
        "sealed:1:li:漏",
    ],
)
def test_what_is_no_token_is_called_so(wrong: str) -> None:
    with pytest.raises(BrokenSeal, match="not a sealed text"):
        Keyring(MemoryKeyStore(), MASTER).open(wrong, AAD)


def test_a_forgotten_person_s_text_is_gone_and_no_new_key_is_made() -> None:
    store = MemoryKeyStore()
    ring = Keyring(store, MASTER)
    hers, his = ring.seal("li", "hers", AAD), ring.seal("wang", "his", AAD)
    ring.destroy("li")
    assert ring.open(hers, AAD) is None
    assert ring.open(his, AAD) == "his"
    with pytest.raises(Forgotten):
        ring.seal("li", "again", AAD)
    assert store.get("li") is None


def test_a_person_without_a_key_yet_can_be_forgotten_beforehand() -> None:
    ring = Keyring(MemoryKeyStore(), MASTER)
    ring.destroy("li")
    with pytest.raises(Forgotten):
        ring.seal("li", "first words", AAD)


def test_a_destroy_by_another_process_is_noticed_within_seconds() -> None:
    store, seconds = MemoryKeyStore(), Seconds()
    here = Keyring(store, MASTER, monotonic=seconds)
    token = here.seal("li", "hers", AAD)
    Keyring(store, MASTER).destroy("li")
    assert here.open(token, AAD) == "hers"
    seconds.now += 5
    assert here.open(token, AAD) is None
    with pytest.raises(Forgotten):
        here.seal("li", "more", AAD)


def test_a_key_is_read_once_while_it_is_fresh() -> None:
    store, seconds = CountingStore(), Seconds()
    ring = Keyring(store, MASTER, monotonic=seconds)
    token = ring.seal("li", "hers", AAD)
    store.reads = 0
    for _ in range(10):
        ring.open(token, AAD)
        ring.seal("li", "more", AAD)
    assert store.reads == 0
    seconds.now += 5
    ring.open(token, AAD)
    assert store.reads == 1


def test_the_cache_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Keyring, "_MOST_CACHED", 3)
    store = CountingStore()
    ring = Keyring(store, MASTER)
    tokens = {person: ring.seal(person, person, AAD) for person in "abcd"}
    store.reads = 0
    assert [ring.open(tokens[person], AAD) for person in "dcb"] == ["d", "c", "b"]
    assert store.reads == 0
    assert ring.open(tokens["a"], AAD) == "a"
    assert store.reads == 1


def test_a_key_read_before_a_destroy_does_not_come_back_after_it() -> None:
    class SlowStore(MemoryKeyStore):
        reading, go_on = threading.Event(), threading.Event()
        slow = False

        def get(self, person: str) -> bytes | None:
            found = super().get(person)
            if self.slow:
                self.reading.set()
                assert self.go_on.wait(5)
            return found

    store = SlowStore()
    token = Keyring(store, MASTER).seal("li", "hers", AAD)
    ring = Keyring(store, MASTER)
    store.slow = True
    reader = threading.Thread(target=ring.open, args=(token, AAD))
    reader.start()
    assert store.reading.wait(5)
    ring.destroy("li")
    store.go_on.set()
    reader.join(5)
    assert ring.open(token, AAD) is None


def test_two_who_make_a_key_at_once_use_the_one_that_was_first() -> None:
    class Rival(MemoryKeyStore):
        rival: Keyring

        def put_if_absent(self, person: str, wrapped: bytes) -> bytes | None:
            rival, self.rival = getattr(self, "rival", None), None  # type: ignore[assignment]
            if rival is not None:
                tokens.append(rival.seal(person, "first", AAD))
            return super().put_if_absent(person, wrapped)

    tokens: list[str] = []
    store = Rival()
    store.rival = Keyring(store, MASTER)
    tokens.append(Keyring(store, MASTER).seal("li", "second", AAD))
    fresh = Keyring(store, MASTER)
    assert [fresh.open(token, AAD) for token in tokens] == ["first", "second"]


def test_person_keys_are_wrapped_for_their_person_under_the_master_key() -> None:
    store = MemoryKeyStore()
    token = Keyring(store, MASTER).seal("li", "hers", AAD)
    with pytest.raises(WrongMasterKey, match="WUYE_MASTER_KEY"):
        Keyring(store, bytes(32)).open(token, AAD)
    wrapped = store.get("li")
    assert wrapped is not None
    store.put_if_absent("wang", wrapped)
    with pytest.raises(WrongMasterKey):
        Keyring(store, MASTER).seal("wang", "his", AAD)


def test_a_wrong_master_key_is_found_at_the_start() -> None:
    store = MemoryKeyStore()
    Keyring(store, MASTER).check()
    Keyring(store, MASTER).check()
    with pytest.raises(WrongMasterKey):
        Keyring(store, bytes(32)).check()


def test_a_master_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keyring(MemoryKeyStore(), bytes(16))


def test_the_token_text_is_stable() -> None:
    """A token of the first release still opens: the format must never change unnoticed."""
    store = MemoryKeyStore()
    store.put_if_absent("li", base64.urlsafe_b64decode(OLD_WRAPPED))
    assert Keyring(store, MASTER).open(OLD_TOKEN, AAD) == "漏水 in 3-201"


OLD_WRAPPED = "KizR5OZ7d4T8yWC98GszcZsFGbPv7g-si_cfLExIFHLE6WEpOPaa2tAmXfAbX_3RdKiRxEK0sY2Fo6JF"
OLD_TOKEN = "sealed:1:li:2CqAInnVd8fSxRfbloxIom2SpNeGErDsT-jFmo-PHIsVAR6cmhF_uQzBcw"
