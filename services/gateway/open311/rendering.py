"""Answers as XML, which the specification wants, or as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

import msgspec
from flask import Response

from shared.errors import NotFound

Record = Mapping[str, Any]

_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
# what XML 1.0 has no way to write
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# the element of each item of a list
_ITEMS = {"attributes": "attribute", "values": "value"}


def answer(
    form: str, root: str, item: str, records: Sequence[Record] | Record, status: int = 200
) -> Response:
    """``records`` under ``root``, each an ``item``; one record alone is the root itself.

    Raises ``NotFound`` for another ``form`` than xml and json.
    """
    if form not in _TYPES:
        raise NotFound("Ask for .xml or .json.")
    if form == "json":
        body = msgspec.json.encode(records)
    else:
        body = _xml(root, item, records)
    return Response(body, status, content_type=_TYPES[form])


def _xml(root: str, item: str, records: Sequence[Record] | Record) -> bytes:
    top = ElementTree.Element(root)
    if isinstance(records, Mapping):
        _fill(top, records)
    else:
        for record in records:
            _fill(ElementTree.SubElement(top, item), record)
    found: bytes = ElementTree.tostring(top, encoding="utf-8", xml_declaration=True)
    return found


def _fill(element: ElementTree.Element, record: Record) -> None:
    for name, value in record.items():
        child = ElementTree.SubElement(element, name)
        if isinstance(value, (list, tuple)):
            for one in value:
                _fill(ElementTree.SubElement(child, _ITEMS[name]), one)
        elif isinstance(value, bool):
            child.text = "true" if value else "false"
        elif value is not None:
            child.text = _UNWRITABLE.sub("\ufffd", str(value))
