"""Mistakes around backups: what one holds, and how a computer goes on with it."""

from __future__ import annotations

from app.storage import backup_reading
from sync import round as rounds
from sync import workplace
from sync.recovery.backups import Backups
from tests.support.simulation.bugs.registry import Patches, bug


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
    """A new one is made, the older are left, and count as gone."""
    return [(Backups, "_settled", lambda *_: True)]
