"""Seals and opens the personal fields of structs on their way to and from a store.

Works on a struct's data as plain values (``msgspec.to_builtins``): events, states, rows of views.
"""

from __future__ import annotations

from typing import Any

from shared.errors import Invalid
from shared.privacy.keyring import Forgotten, Keyring
from shared.privacy.personal import ACTOR, PersonalField, marked_fields, personal_fields


class Sealer:
    """Every call gives a new dict and leaves the given one as it is."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal_data(
        self, struct_type: type, data: dict[str, Any], *, actor: str | None, context: str
    ) -> dict[str, Any]:
        """``data`` with its personal text sealed, bound to ``context`` and the field's name.

        ``context`` names the one place the text belongs to, and is asked for again to open it. Text
        whose person field is ``None`` is its ``actor``'s. Text of a forgotten person becomes
        ``None``.
        Raises ``Invalid`` for text that is not Unicode (lone surrogates).
        """
        sealed = dict(data)
        for field in personal_fields(struct_type):
            text = sealed.get(field.name)
            if text is not None:
                person = _person(field, data, actor, struct_type)
                sealed[field.name] = self._sealed(person, text, field.name, context)
        for name in marked_fields(struct_type):
            if sealed.get(name) is not None:
                sealed[name] = self.mark(name, sealed[name])
        return sealed

    def mark(self, name: str, text: str) -> str:
        """What a marked field of this name holds for a text; see ``Keyring.mark``."""
        return self._keyring.mark(name, text)

    def open_data(self, struct_type: type, data: dict[str, Any], *, context: str) -> dict[str, Any]:
        """``data`` with its personal text as it was, or ``None`` where its person was forgotten.

        Raises ``BrokenSeal`` for text that was altered, moved to another place, or never sealed.
        """
        opened = dict(data)
        for field in personal_fields(struct_type):
            token = opened.get(field.name)
            if token is not None:
                opened[field.name] = self._keyring.open(token, _bound(context, field.name))
        return opened

    def withhold(self, struct_type: type, data: dict[str, Any]) -> dict[str, Any]:
        """``data`` for those who may not read personal text: it is ``None``."""
        return _without(data, personal_fields(struct_type))

    def withhold_secrets(self, struct_type: type, data: dict[str, Any]) -> dict[str, Any]:
        """``data`` for those who may read personal text: only what is secret is ``None``."""
        return _without(data, tuple(f for f in personal_fields(struct_type) if f.secret))

    def _sealed(self, person: str, text: str, name: str, context: str) -> str | None:
        try:
            return self._keyring.seal(person, text, _bound(context, name))
        except Forgotten:
            return None
        except UnicodeEncodeError:
            raise Invalid(
                "The text is not Unicode; correct the named field.",
                fields={name: ["Holds half a character (a lone surrogate)."]},
            ) from None


def _without(data: dict[str, Any], fields: tuple[PersonalField, ...]) -> dict[str, Any]:
    gone = {field.name: None for field in fields if field.name in data}
    return {**data, **gone}


def _person(
    field: PersonalField, data: dict[str, Any], actor: str | None, struct_type: type
) -> str:
    person = actor if field.of == ACTOR else data.get(field.of) or actor
    if not person:
        raise ValueError(
            f"{struct_type.__qualname__}.{field.name} holds text of nobody: "
            f"{field.of} is empty and no actor is known"
        )
    return str(person)


def _bound(context: str, field: str) -> bytes:
    # A field's name holds no colon, so no two pairs give the same bytes.
    return f"{context}:{field}".encode()
