"""Where a service keeps the wrapped keys of people: a table beside its log."""

from __future__ import annotations

from shared.eventlog.store import Store


class TableKeyStore:
    """Every call is a transaction of its own: a key is committed before anything is sealed with
    it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, person: str) -> bytes | None:
        with self._store.reading() as tx:
            rows = tx.query(
                "SELECT wrapped FROM person_keys WHERE person = :person", {"person": person}
            )
        return bytes(rows[0]["wrapped"]) if rows and rows[0]["wrapped"] is not None else None

    def put_if_absent(self, person: str, wrapped: bytes) -> bytes | None:
        """The key that holds from now on: this one, or an earlier one; None when the person was
        forgotten.
        """
        with self._store.transaction() as tx:
            tx.execute(
                "INSERT INTO person_keys (person, wrapped) VALUES (:person, :wrapped) "
                "ON CONFLICT (person) DO NOTHING",
                {"person": person, "wrapped": wrapped},
            )
        return self.get(person)

    def destroy(self, person: str) -> None:
        """Destroy the key for good; a tombstone keeps a new one from being made."""
        with self._store.transaction() as tx:
            tx.execute(
                "INSERT INTO person_keys (person, wrapped, destroyed) VALUES (:person, NULL, :yes) "
                "ON CONFLICT (person) DO UPDATE SET wrapped = NULL, destroyed = :yes",
                {"person": person, "yes": True},
            )
