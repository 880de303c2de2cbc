"""A store that worked alone, made one of a district: its records stay, the old district's keys go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.domain.declarations import REGISTRY
from app.domain.schema import Kind, Register, Value
from app.domain.values import decode_register, encode_register, unknown_fields
from app.services.numbers import SETTING as CASE_NUMBERS
from app.storage.connection import Connection
from app.storage.keys import Keys
from app.storage.removal import remove
from app.storage.unit_of_work import StoreUnitOfWork

_OF_THE_DISTRICT: Final = (
    "roster", "supervisor_device", "own_prekey", "prekey", "channel_key", "grant_out", "own_head", "sealed",
    "sealed_change", "relay_run", "relay_item", "ack_in", "received", "read_stream", "witnessed", "parcel",
    "relay_state", "round_report", "folder_item", "folder_list", "purge_out",
)  # fmt: skip
"""Tables of rosters, keys and traffic; nobody else ever had anything of a store that worked alone."""


class SqlMoving:
    """Changes a store's district; the caller holds the transaction."""

    def __init__(self, work: StoreUnitOfWork) -> None:
        """Work within one transaction."""
        self._work = work
        self._connection: Connection = work.connection
        self._keys: Keys = work.keys

    def leave_district(self) -> None:
        """Forget rosters, keys and traffic, and the number block: the next number comes from a new slot."""
        for table in _OF_THE_DISTRICT:
            self._connection.execute(f"DELETE FROM {table}")
        self._work.forget()
        self._work.put_setting(CASE_NUMBERS, "")

    def become(self, old: int, new: int, device: int) -> None:
        """Let member `old` be `new` wherever this device wrote it, and put all it wrote into the outbox."""
        rows = self._connection.execute("SELECT dot, twin, type, register, value FROM change").fetchall()
        for dot, twin, kind, name, value in rows:
            declared = REGISTRY.get(kind)
            register = None if declared is None else declared.register_by_name.get(name)
            if register is not None and _names_members(register):
                renamed = _renamed(register, bytes(value), old, new)
                self._connection.execute(
                    "UPDATE change SET value = ? WHERE dot = ? AND twin = ?", (renamed, dot, twin)
                )
        self._connection.execute(
            "INSERT OR IGNORE INTO outbox SELECT dot FROM change"
            " WHERE twin = 0 AND dot >> 32 IN (SELECT id FROM source WHERE device = ?)",
            (device.to_bytes(8, "big"),),
        )
        self._work.forget()
        self._work.post_again(REGISTRY)

    def write_as(self, old: int, new: int) -> None:
        """Let `new` be the author of all that `old` wrote here."""
        self._connection.execute("UPDATE change SET author = ? WHERE author = ?", (new, old))
        self._work.forget()

    def drop_records(self, types: tuple[str, ...]) -> None:
        """Forget every record of these types."""
        for name in types:
            rows = self._connection.execute("SELECT id FROM record WHERE type = ?", (name,)).fetchall()
            remove(self._connection, self._keys, [row[0] for row in rows], [])
        self._work.forget()


def _names_members(register: Register) -> bool:
    return any(item.kind is Kind.MEMBER for item in register.fields)


def _renamed(register: Register, value: bytes, old: int, new: int) -> bytes:
    given: Mapping[str, Value] = decode_register(register, value)
    fields = {item.name: item.kind for item in register.fields}
    named = {
        name: new if fields[name] is Kind.MEMBER and held == old else held for name, held in given.items()
    }
    return encode_register(register, named, unknown_fields(register, value))
