"""What a change of ``contracts/`` would break for those who hold to the last release's.

A request is broken where it was taken and would be refused; an answer where something in it is no
longer there, or may be of another kind than it was; an event by either, since those of the past
stay in logs and those to come are read by others. A new value of an enumeration breaks neither an
answer nor an event: readers must live with values that they do not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

Schema = Mapping[str, Any]
BASELINE = "released.json"

REMOVED, REQUIRED, OPTIONAL = "removed", "required", "optional"
NARROWED, WIDENED = "narrowed", "widened"
_REQUEST = frozenset({REMOVED, REQUIRED, NARROWED})
_ANSWER = frozenset({REMOVED, OPTIONAL, WIDENED})
_EVENT = _REQUEST | _ANSWER
_LEAST = ("minimum", "minLength", "minItems")
_MOST = ("maximum", "maxLength", "maxItems")


class Difference(NamedTuple):
    """``where``: the dotted name of the field."""

    where: str
    kind: str
    says: str


def baseline(contracts: Mapping[str, Any], version: str, reads: Mapping[str, int]) -> str:
    """The text of the file that keeps a release's contracts: one a line, so that git tells them.

    ``reads``: the newest version of each event that the release understands.
    """
    lines = (
        f"{json.dumps(name)}: {json.dumps(contracts[name], ensure_ascii=False, sort_keys=True)}"
        for name in sorted(contracts)
    )
    inner = ",\n".join(lines)
    known = json.dumps(reads, sort_keys=True)
    return (
        f'{{"version": {json.dumps(version)}, "reads": {known},\n"contracts": {{\n{inner}\n}}}}\n'
    )


def broken(folder: Path, today: Mapping[str, Any]) -> list[str]:
    """One line for each promise of the last release that ``today``'s contracts break.

    Contracts by their paths in ``folder``, which keeps those of the last release.
    """
    kept = json.loads((folder / BASELINE).read_text(encoding="utf-8"))
    return [
        f"{name}: {line} (was promised in {kept['version']})"
        for name, old in sorted(kept["contracts"].items())
        if name in today or not _succeeded(name, kept["reads"], today)
        for line in _broken(old, today.get(name))
    ]


def _succeeded(name: str, reads: Mapping[str, int], today: Mapping[str, Any]) -> bool:
    """Whether an event's next version stands in its place, one that the last release could read."""
    event, _, version = name.removesuffix(".json").rpartition(".v")
    following = int(version) + 1 if event else 0
    return f"{event}.v{following}.json" in today and reads.get(event, 0) >= following


def _broken(old: Any, new: Any) -> Iterator[str]:
    if new is None:
        yield "is gone"
    elif "method" not in old:
        yield from _breaks(old, new, "", _EVENT)
    else:
        if old["public"] and not new["public"]:
            yield "needs a token now"
        if old["batchable"] and not new["batchable"]:
            yield "is no longer taken in a batch"
        if old["kind"] != new["kind"]:
            yield f"is a {new['kind']}, was a {old['kind']}"
        yield from _breaks(old["request"], new["request"], "request", _REQUEST)
        yield from _breaks(old["answer"], new["answer"], "answer", _ANSWER)


def _breaks(old: Schema, new: Schema, where: str, kinds: frozenset[str]) -> Iterator[str]:
    for one in _Comparison(old, new).differences(where):
        if one.kind in kinds:
            yield f"{one.where} {one.says}".strip()


class _Comparison:
    """Two versions of one schema; ``$ref`` leads into the ``$defs`` of its own."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new

    def differences(self, where: str) -> Iterator[Difference]:
        yield from self._compare(self._old, self._new, where)

    def _compare(self, old: Schema, new: Schema, where: str) -> Iterator[Difference]:
        before = _by_type(old, self._old.get("$defs", {}))
        after = _by_type(new, self._new.get("$defs", {}))
        if lost := [kind for kind in before if kind not in after and "any" not in after]:
            yield Difference(where, NARROWED, f"may no longer be {' or '.join(lost)}")
        if more := [kind for kind in after if kind not in before and "any" not in before]:
            yield Difference(where, WIDENED, f"may now be {' or '.join(more)} too")
        for kind in before.keys() & after.keys():
            if len(before[kind]) > len(after[kind]):
                yield Difference(where, NARROWED, f"has fewer forms of {kind} than it had")
            for one, other in zip(before[kind], after[kind], strict=False):
                yield from self._same_type(kind, one, other, where)

    def _same_type(self, kind: str, old: Schema, new: Schema, where: str) -> Iterator[Difference]:
        yield from _limits(kind, old, new, where)
        if kind == "array" and "items" in new:
            yield from self._compare(old.get("items", {}), new["items"], f"{where}[]")
        if kind == "object":
            yield from self._object(old, new, where)

    def _object(self, old: Schema, new: Schema, where: str) -> Iterator[Difference]:
        fields, others = old.get("properties", {}), new.get("properties", {})
        needed, needs = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(fields.keys() | others.keys() | needs):
            field = f"{where}.{name}".removeprefix(".")
            if name in fields and name not in others:
                yield Difference(field, REMOVED, "is gone")
                continue
            if name in needs - needed:
                yield Difference(field, REQUIRED, "is required now")
            if name in needed - needs:
                yield Difference(field, OPTIONAL, "is no longer always there")
            if name in fields:
                yield from self._compare(fields[name], others[name], field)
        more, rest = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if more is not False and rest is False:
            yield Difference(where, NARROWED, "takes no further fields now")
        elif isinstance(rest, dict):
            yield from self._compare(more if isinstance(more, dict) else {}, rest, f"{where}.*")


def _limits(kind: str, old: Schema, new: Schema, where: str) -> Iterator[Difference]:
    allowed, allows = _values(kind, old), _values(kind, new)
    if allows is not None and (allowed is None or allowed - allows):
        lost = "anything else" if allowed is None else ", ".join(sorted(allowed - allows))
        yield Difference(where, NARROWED, f"may no longer be {lost}")
    for name in _LEAST:
        if name in new and new[name] > old.get(name, float("-inf")):
            yield Difference(where, NARROWED, f"has {name} {new[name]} now, had {old.get(name)}")
    for name in _MOST:
        if name in new and new[name] < old.get(name, float("inf")):
            yield Difference(where, NARROWED, f"has {name} {new[name]} now, had {old.get(name)}")
    for name in ("pattern", "format"):
        if name in new and new[name] != old.get(name):
            yield Difference(where, NARROWED, f"has {name} {new[name]} now, had {old.get(name)}")


def _values(kind: str, schema: Schema) -> set[str] | None:
    """The values that are allowed, as JSON; None where any is."""
    found = [schema["const"]] if "const" in schema else schema.get("enum")
    if found is None:
        return None
    return {json.dumps(one, ensure_ascii=False) for one in found if _type_of(one) == kind}


def _by_type(schema: Schema, defs: Mapping[str, Schema]) -> dict[str, list[Schema]]:
    """The forms a value may have, by JSON type; ``any`` where none is named."""
    found: dict[str, list[Schema]] = {}
    for form in _forms(schema, defs):
        kinds = form.get("type")
        if kinds is None:
            values = [form["const"]] if "const" in form else form.get("enum")
            kinds = ["any"] if values is None else sorted({_type_of(one) for one in values})
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            found.setdefault(kind, []).append(form)
    return found


def _forms(schema: Schema, defs: Mapping[str, Schema]) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _forms(defs[schema["$ref"].removeprefix("#/$defs/")], defs)
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            yield from _forms(one, defs)
    else:
        yield schema


def _type_of(value: Any) -> str:
    names = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    return names.get(type(value), "object" if isinstance(value, dict) else "array")
