"""Records out of a CSV file (RFC 4180), read line by line. Pure.

One broken line costs that line alone: where a quote is not closed, the reading goes on with the
very next line, so that nothing is swallowed. Blank lines are skipped.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from shared.errors import Invalid

MOST_BYTES = 256 * 1024
MOST_LINES = 200
_BOM = b"\xef\xbb\xbf"
_UNCLOSED = "unexpected end of data"


@dataclass(frozen=True)
class Record:
    """``line`` is where it begins in the file, from 1; ``fields`` by column name."""

    line: int
    fields: dict[str, str]


@dataclass(frozen=True)
class Fault:
    """Why a line was refused; ``field`` is the column, or ``line`` where it is the whole line."""

    line: int
    field: str
    reason: str


class Lines:
    """``header``: the names of the columns. Raises ``Invalid`` where the first line is none."""

    def __init__(self, file: BinaryIO, required: tuple[str, ...]) -> None:
        self._file = file
        self._number = 0
        self._again: deque[bytes] = deque()
        self.header = self._header(required)

    def __iter__(self) -> Iterator[Record | Fault]:
        while (line := self._next()) is not None:
            if line.strip():
                yield self._record(line)

    def _header(self, required: tuple[str, ...]) -> list[str]:
        line = self._next()
        found = self._parsed([(line or b"").removeprefix(_BOM)], 1)
        if isinstance(found, Fault):
            raise Invalid(f"the first line is no header: {found.reason}")
        header = [name.strip() for name in found]
        missing = [name for name in required if name not in header]
        if missing:
            raise Invalid(
                f"the first line is not the header of 311 requests: it lacks {', '.join(missing)}; "
                f"it has {', '.join(header)[:200] or 'nothing'}"
            )
        twice = sorted({name for name in header if header.count(name) > 1})
        if twice:
            raise Invalid(f"the header names these columns twice: {', '.join(twice)}")
        return header

    def _next(self) -> bytes | None:
        """The next physical line with its end; at most ``MOST_BYTES`` of it are kept."""
        if self._again:
            line = self._again.popleft()
        else:
            line = self._file.readline(MOST_BYTES + 1)
            rest = line
            while len(rest) > MOST_BYTES and not rest.endswith(b"\n"):
                rest = self._file.readline(MOST_BYTES + 1)
        if not line:
            return None
        self._number += 1
        return line

    def _record(self, line: bytes) -> Record | Fault:
        first, number = [line], self._number
        found = self._parsed(first, number)
        if not (isinstance(found, Fault) and found.reason == _UNCLOSED):
            return self._fitting(found, number)
        taken = self._until_closed(first)
        whole = self._fitting(self._parsed(taken, number), number)
        if isinstance(whole, Record) and not any(self._is_record(one) for one in taken[1:]):
            return whole
        # The lines behind it are read again, each for itself.
        self._again.extendleft(reversed(taken[1:]))
        self._number = number
        return Fault(number, "line", "a quote is opened and not closed")

    def _until_closed(self, taken: list[bytes]) -> list[bytes]:
        size = len(taken[0])
        while len(taken) < MOST_LINES and size < MOST_BYTES:
            line = self._next()
            if line is None:
                break
            taken.append(line)
            size += len(line)
            if line.count(b'"') % 2:
                break
        return taken

    def _is_record(self, line: bytes) -> bool:
        """Whether it is a whole record by itself, so no part of somebody's text before it."""
        found = self._parsed([line], 0)
        return not isinstance(found, Fault) and len(found) == len(self.header) and bool(found[0])

    def _fitting(self, found: list[str] | Fault, number: int) -> Record | Fault:
        if isinstance(found, Fault):
            return found
        if len(found) != len(self.header):
            return Fault(number, "line", f"has {len(found)} fields, not {len(self.header)}")
        return Record(number, dict(zip(self.header, found, strict=True)))

    def _parsed(self, lines: list[bytes], number: int) -> list[str] | Fault:
        if sum(map(len, lines)) > MOST_BYTES:
            return Fault(number, "line", f"is longer than {MOST_BYTES} bytes")
        try:
            texts = [line.decode() for line in lines]
            rows = list(csv.reader(texts, strict=True))
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            return Fault(number, "line", f"is not UTF-8: byte 0x{byte:02X} at {error.start + 1}")
        except csv.Error as error:
            return Fault(number, "line", str(error))
        if len(rows) > 1:
            return Fault(number, "line", "a quote is opened and not closed")
        return rows[0] if rows else []
