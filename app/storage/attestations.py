"""Changes that only somebody else's word vouches for, until their author's signature comes."""

from __future__ import annotations

from app.domain.dots import Context
from app.storage.connection import Connection
from app.storage.keys import Keys

Name = tuple[int, int]
"""Local key of a dot, and which of the contents under it."""
PROVEN = "NOT EXISTS (SELECT 1 FROM attested WHERE attested.dot = change.dot AND attested.twin = change.twin)"
"""Of a row of `change`: its author's signature is known."""
_SOME = "SELECT EXISTS (SELECT 1 FROM claimed) OR EXISTS (SELECT 1 FROM attested)"


class Attestations:
    """Reads and writes who vouches for what; the caller holds the transaction."""

    def __init__(self, connection: Connection, keys: Keys) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._keys = keys
        self._some: bool | None = None

    @property
    def some(self) -> bool:
        """Whether anything here is attested: most stores never pay for the rest."""
        if self._some is None:
            self._some = bool(self._connection.execute(_SOME).fetchone()[0])
        return self._some

    def ask_again(self) -> None:
        """Find out anew whether anything is attested still; that nothing is stays known until `put`."""
        self._some = self._some and None

    def forget(self) -> None:
        """Drop what was remembered of a transaction that was rolled back."""
        self._some = None

    def by(self, name: Name) -> int | None:
        """Give the member whose word alone vouches for a change, or None when it is proven."""
        sql = "SELECT member FROM attested WHERE dot = ? AND twin = ?"
        row = self._connection.execute(sql, name).fetchone()
        return None if row is None else int(row[0])

    def put(self, name: Name, member: int) -> None:
        """Note that only a member's word vouches for a change."""
        self._some = True
        self._connection.execute("INSERT OR IGNORE INTO attested VALUES (?, ?, ?)", (*name, member))

    def drop(self, name: Name) -> None:
        """Note that a change is proven."""
        self._connection.execute("DELETE FROM attested WHERE dot = ? AND twin = ?", name)

    def claimed(self, record: int, register: str) -> Context:
        """Give what attested changes of a register say they cover."""
        row = self._connection.execute(
            "SELECT context FROM claimed WHERE record = ? AND register = ?", (record, register)
        ).fetchone()
        return Context() if row is None else self._keys.unpack(row[0])
