"""A store that came from a backup or was set back: what a person must agree to, what comes first.

No round runs before a person agreed, because the computer of which this is a copy may still be in use.
Until the orders of erasure were taken (by a round, a stick or the signed list), only syncing is shown.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Final

from app.domain.errors import KimError
from app.services.ports import Queries, UnitOfWork

SETTING: Final = "restored"
_AGAIN_MS: Final = int(timedelta(days=90).total_seconds() * 1000)
"""What was sealed to a lost disk comes for so long: it tells of the loss that is known already."""


class NotAgreedError(KimError):
    """The store was restored, and nobody has agreed yet that it goes on in the old one's place."""

    error_id = "restored_not_agreed"


@dataclass(frozen=True)
class Restored:
    """When the store was restored, and the moment that it stands at (None where that is not known)."""

    at_ms: int
    made_ms: int | None = None
    agreed: bool = False
    orders_taken: bool = False


def restored(queries: Queries) -> Restored | None:
    """Tell whether this store was restored and something is still to be done; None when all is as usual."""
    found = _noted(queries)
    return None if found is None or (found.agreed and found.orders_taken) else found


def note_restored(work: UnitOfWork, at_ms: int, made_ms: int) -> None:
    """Note that the store was made from a backup of the moment `made_ms`."""
    _put(work, Restored(at_ms, made_ms))


def note_disk_set_back(work: UnitOfWork, at_ms: int) -> None:
    """Note that the store found out by itself that its disk was set back: nobody is to be asked."""
    found = _noted(work)
    if found is None or at_ms - found.at_ms > _AGAIN_MS:
        _put(work, Restored(at_ms, agreed=True))


def agree(work: UnitOfWork) -> None:
    """Note that a person wants this copy to go on in the old one's place."""
    _change(work, agreed=True)


def note_orders_taken(work: UnitOfWork) -> None:
    """Note that the orders given since have come."""
    _change(work, orders_taken=True)


def refuse_unagreed(queries: Queries) -> None:
    """Raise NotAgreedError while a person has not agreed."""
    found = restored(queries)
    if found is not None and not found.agreed:
        raise NotAgreedError


def _change(work: UnitOfWork, **news: bool) -> None:
    found = _noted(work)
    if found is not None:
        _put(work, replace(found, **news))


def _noted(queries: Queries) -> Restored | None:
    stored = queries.setting(SETTING)
    return Restored(**json.loads(stored)) if stored else None


def _put(work: UnitOfWork, found: Restored) -> None:
    work.put_setting(SETTING, json.dumps(asdict(found)))
