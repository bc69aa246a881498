"""Finding the rules' words in what people write, in Chinese and English, and comparing texts."""

from __future__ import annotations

import re
import warnings
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

import msgspec

from services.workorders.triage.domain import Rules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jieba import Tokenizer

# what triage reads of a report: what it is about is said early
LONGEST = 1000
# of 100: a slip of one letter in five is still the word
SPELT_NEARLY = 85
# shorter words are too like others to forgive a slip
FORGIVING = 5
_LATIN = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@cache
def rules() -> Rules:
    """The rules of the package's data file."""
    text = (files(__package__) / "rules.json").read_bytes()
    return msgspec.json.decode(text, type=Rules)


def words_of(text: str) -> list[str]:
    """The rules' words that a text holds, each once, sorted; slips of the pen forgiven in
    English.
    """
    short = text[:LONGEST].lower()
    known = rules().words()
    found = {word for word in _cut(short) if word in known}
    latin = _LATIN.findall(short)
    said = [word for word in _phrases() if _says(latin, word)]
    # "smell of gas" is not about a smell
    found.update(
        word
        for word in said
        if not any(word != other and f" {word} " in f" {other} " for other in said)
    )
    return sorted(found)


def alike(one: str, other: str) -> int:
    """How alike two texts are, from 0 to 100, whatever the order of their words."""
    from rapidfuzz import fuzz

    return round(fuzz.token_set_ratio(_spread(one), _spread(other)))


def _spread(text: str) -> str:
    """A text as its words with blanks between them, which Chinese does not have."""
    short = text[:LONGEST].lower()
    return " ".join((*_cut(short), *_LATIN.findall(short)))


def _cut(text: str) -> Iterator[str]:
    for run in _HAN.findall(text):
        yield from _tokenizer().cut(run, HMM=False)


@cache
def _tokenizer() -> Tokenizer:
    """Cuts by the rules' own words alone: jieba's large dictionary takes a second and 100 MB, and
    is kept in a file that others can write to.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pkg_resources, and of its own escapes
        from jieba import Tokenizer

    cutter = Tokenizer()
    lines = BytesIO("\n".join(f"{word} {len(word) ** 4}" for word in _chinese()).encode())
    lines.name = "rules.json"
    cutter.FREQ, cutter.total = cutter.gen_pfdict(lines)
    cutter.initialized = True
    return cutter


@cache
def _phrases() -> tuple[str, ...]:
    return tuple(sorted(word for word in rules().words() if _LATIN.match(word)))


def _chinese() -> list[str]:
    return sorted(word for word in rules().words() if _HAN.match(word))


def _says(latin: list[str], phrase: str) -> bool:
    """Whether the words of ``phrase`` stand there one after the other, spelt nearly so."""
    wanted = _LATIN.findall(phrase)
    return any(
        all(_same(latin[start + place], word) for place, word in enumerate(wanted))
        for start in range(len(latin) - len(wanted) + 1)
    )


@lru_cache(maxsize=50_000)
def _same(written: str, word: str) -> bool:
    if written == word or written in (f"{word}s", f"{word}es"):
        return True
    if min(len(written), len(word)) < FORGIVING or written[0] != word[0]:
        return False
    from rapidfuzz import fuzz

    return fuzz.ratio(written, word) >= SPELT_NEARLY
