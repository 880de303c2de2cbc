"""Mistakes around backups: what one holds, and how a computer goes on with it."""

from __future__ import annotations

from typing import Any

from app.storage import backup_reading
from app.storage.store import SqlStore
from sync import round as rounds
from sync import workplace
from sync.recovery import restore
from sync.recovery.backups import Backups
from tests.support.simulation.bugs.ends import session_goes_on
from tests.support.simulation.bugs.registry import Patches, bug


@bug("A backup that was brought back goes on with its old session.")
def restored_session_goes_on() -> Patches:
    """Only there: names that the lost disk used after the backup are used again."""
    begin = SqlStore._begin_session
    ((_, _, again),) = session_goes_on()
    ready = restore._make_ready

    def marking(staged: Any, vault: Any, made_ms: int, clock: Any, entropy: Any) -> None:
        SqlStore._begin_session = again  # type: ignore[method-assign]  # until the home is opened for good
        try:
            ready(staged, vault, made_ms, clock, entropy)
        finally:
            SqlStore._begin_session = begin  # type: ignore[method-assign]  # as above

    opened: Any = vars(restore)["opened"]

    def going_on(home: Any, *more: Any) -> Any:
        SqlStore._begin_session = again  # type: ignore[method-assign]  # as above
        try:
            return opened(home, *more)
        finally:
            SqlStore._begin_session = begin  # type: ignore[method-assign]  # as above

    return [(restore, "_make_ready", marking), (restore, "opened", going_on)]


@bug("What nobody had signed for when a backup was made is not sealed anew from it.")
def restored_not_sealed_anew() -> Patches:
    """Its sealed bytes are left for keys that are gone."""
    return [(backup_reading, "REQUEUE", ())]


@bug("A backup that was brought back syncs before anybody has agreed.")
def nobody_agreed() -> Patches:
    """The old computer may still be at work."""
    return [(workplace, "refuse_unagreed", lambda _queries: None)]


@bug("A backup that was brought back asks nobody for what was written since.")
def restored_asks_nobody() -> Patches:
    """Only what comes by itself."""
    from sync.recovery import backups

    return [(backups, "want_state", lambda *_: None), (rounds, "note_set_back", lambda *_, **__: None)]


@bug("The prekey of a computer that was brought back is dated by its own clock.")
def restored_prekey_of_its_own_clock() -> Patches:
    """Behind the lost one's, it is nobody's newest."""
    return [(rounds, "date_prekey", lambda *_: None)]


@bug("Backups that were made before an erasure stay.")
def old_backups_stay() -> Patches:
    """A new one is made, the older are left."""
    return [(Backups, "_settle", lambda _self: None)]
