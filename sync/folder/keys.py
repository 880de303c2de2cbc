"""The district's folder keys: written at set-up, and anew when a computer was put out."""

from __future__ import annotations

from typing import Final

from app.domain.declarations import FOLDER_KEY
from app.domain.records import new_record
from app.services import cases
from app.services.ports import Queries, Session
from sync.roster import DeviceState, Roster

KEY_BYTES: Final = 32


def folder_keys(records: Queries) -> tuple[bytes, ...]:
    """Give the folder keys known here: files are named under the first, lists are sealed under the last.

    The order follows from the keys alone, so that all devices that know the same keys agree.
    """
    known = [item for item in records.records(FOLDER_KEY.name, None) if item.id is not None]
    known.sort(key=lambda item: (item.number("left_out") or 0, item.id))
    values = (item.values.get("folder_key") for item in known)
    return tuple(value for value in values if isinstance(value, bytes) and len(value) == KEY_BYTES)


def put_folder_key(session: Session, left_out: int = 0) -> None:
    """Write a new folder key, for everybody who belongs to the district now."""
    key = session.entropy.bytes(KEY_BYTES)
    cases.save_record(session, None, new_record(FOLDER_KEY, folder_key=key, left_out=left_out))


def renew_folder_key(session: Session, roster: Roster) -> None:
    """Write a new key once a computer was put out that knows the present one; only a keeper's device does."""
    if session.me not in roster.keepers:
        return
    known = session.store.queries.records(FOLDER_KEY.name, None)
    out = sum(_is_out(roster, device.member, device.state) for device in roster.devices)
    if known and out > max(item.number("left_out") or 0 for item in known):
        put_folder_key(session, out)


def _is_out(roster: Roster, member: int, state: DeviceState) -> bool:
    owner = roster.member(member)
    return state is not DeviceState.ACTIVE or owner is None or not owner.active
