"""How syncing stands, for the screen and the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.services.mailbox import ParcelKind, RoundReport
from app.services.ports import Delivery, Twin
from sync.engine import Engine
from sync.recovery.second_self import other_self_since
from sync.recovery.suspension import RELEASABLE
from sync.sending.too_large import count_too_large
from sync.taking.asking import state_wanted

__all__ = ["CopiedDevice", "Gap", "Parcel", "RoundReport", "SyncStatus", "sync_status"]


@dataclass(frozen=True)
class Parcel:
    """A held or quarantined item: its sender's member id where it could be read, and the reason's id."""

    sender: int | None
    reason: str
    at_ms: int
    state: str
    kind: str = "envelope"
    digest: bytes = b""

    @property
    def may_be_released(self) -> bool:
        """Whether a keeper may let it through: it is rightly signed, and refused only for its sender."""
        return self.kind == ParcelKind.ENVELOPE.value and self.reason in RELEASABLE


@dataclass(frozen=True)
class Gap:
    """Parcels of a member that exist and have not come."""

    sender: int | None
    missing: int


@dataclass(frozen=True)
class CopiedDevice:
    """A device that gave one number to several changes: there are two of it (`device`: roster index)."""

    member: int | None
    device: int | None
    numbers: int


@dataclass(frozen=True)
class SyncStatus:
    """How far own changes have come, what the last rounds did, and what is held, wrong or missing."""

    delivery: Delivery
    last_round: RoundReport | None
    last_round_ms: int | None
    parcels: tuple[Parcel, ...]
    gaps: tuple[Gap, ...]
    rounds: tuple[RoundReport, ...]
    copied: tuple[CopiedDevice, ...] = ()
    wanted: str | None = None
    """Why the state of everything was asked for and has still to come, as `want_state` was told."""
    other_self_ms: int | None = None
    """When another computer was last seen to sync as this one."""
    too_large: int = 0
    """Own changes that fit no envelope and stay here."""


def sync_status(engine: Engine) -> SyncStatus:
    """Give the status of the moment."""
    with engine.office.transaction() as post:
        stored, missing, rounds = post.into.parcels(), post.into.gaps(), post.rounds.reports()
        wanted, other_self = state_wanted(post), other_self_since(post)
        too_large = count_too_large(post)
        delivery, twins = post.records.delivery(None), post.records.twins()
    parcels = tuple(
        Parcel(
            _member(engine, item.device),
            item.reason,
            item.at_ms,
            item.state.value,
            item.kind.value,
            item.digest,
        )
        for item in stored
    )
    counts: Counter[int | None] = Counter()
    for gap in missing:
        counts[_member(engine, gap.stream.device)] += gap.last - gap.first + 1
    last = rounds[0] if rounds else None
    return SyncStatus(
        delivery,
        last,
        last.started_ms if last else None,
        parcels,
        tuple(Gap(sender, count) for sender, count in counts.items()),
        rounds,
        _copied(engine, twins),
        wanted,
        other_self,
        too_large,
    )


def _copied(engine: Engine, twins: Iterable[Twin]) -> tuple[CopiedDevice, ...]:
    counts = Counter(twin.dot.device for twin in twins)
    found = ((engine.roster.device_by_id(device), number) for device, number in counts.items())
    return tuple(
        CopiedDevice(device.member if device else None, device.index if device else None, number)
        for device, number in found
    )


def _member(engine: Engine, device: int | None) -> int | None:
    member = None if device is None else engine.roster.member_of_device(device)
    return None if member is None else member.id
