"""Own changes that wait to be sealed again, because others may read them now."""

from __future__ import annotations

from app.storage.belonging import Belonging
from app.storage.connection import Connection

_OWN = "twin = 0 AND dot >> 32 IN (SELECT id FROM source WHERE device = ?1)"
_LINKS = (
    f"SELECT dot FROM change WHERE register = 'alias' AND {_OWN} UNION ALL SELECT dot FROM change"
    f" WHERE register = 'belongs' AND dot <> record AND {_OWN} UNION ALL SELECT dot FROM change"
    " WHERE register = 'belongs' AND case_file IN (SELECT origin FROM moved)"
    f" AND record IN (SELECT record FROM moved) AND {_OWN}"
)
"""Own words about where moved entries and case files belong: rows that are few."""


class Outbox:
    """Puts own changes back into the outbox; the caller holds the transaction."""

    def __init__(self, connection: Connection, belonging: Belonging, device: int) -> None:
        """Work over `connection`, for the device with this id."""
        self._connection = connection
        self._belonging = belonging
        self._device = device

    def requeue(self, case: int) -> None:
        """Put every own change of a case file (by its key), and of those that are one with it, back."""
        group = ", ".join(str(item) for item in (case, *self._belonging.group(case)))
        # What was moved away goes too: those it left must learn that it is gone.
        self._connection.execute(
            "INSERT OR IGNORE INTO outbox SELECT dot FROM change WHERE"
            f" (case_file IN ({group}) OR {self._belonging.condition(case)})"
            " AND twin = 0 AND dot >> 32 IN (SELECT id FROM source WHERE device = ?)",
            (self._device.to_bytes(8, "big"),),
        )
        # Who reads what they led away from may only be known now.
        self._connection.execute(f"INSERT OR IGNORE INTO outbox {_LINKS}", (self._device.to_bytes(8, "big"),))

    def note_regrouped(self, case: int) -> None:
        """Note that a case file became one with others, or is so no more: that alters who reads it."""
        self.requeue(case)
        self._connection.execute("INSERT OR IGNORE INTO heard VALUES (?)", (case,))
