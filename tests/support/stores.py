"""Real stores in real files, and the sessions that services are given."""

from __future__ import annotations

from pathlib import Path

from app.domain.audience import Member
from app.services.ports import Session
from app.storage.store import SqlStore, Worker, open_store
from tests.support.ports import ANNA, MEMBERS, SeededEntropy, SteeredClock

KEY = bytes(range(32))


def make_store(
    path: Path,
    member: Member = ANNA,
    clock: SteeredClock | None = None,
    seed: str | int = 0,
    *,
    create: bool = True,
) -> SqlStore:
    """Give an open store of `member`; the device id is 1000 + the member's id."""
    worker = Worker(1000 + member.id, member.id, member.cleared)
    entropy = SeededEntropy(f"{seed}/{member.id}")
    return open_store(path, KEY, worker, clock or SteeredClock(), entropy, create=create)


def make_session(store: SqlStore, member: Member = ANNA, clock: SteeredClock | None = None) -> Session:
    """Give the session in which `member` works with `store`."""
    return Session(
        store=store,
        clock=clock or SteeredClock(),
        entropy=SeededEntropy(member.id),
        members=MEMBERS,
        me=member.id,
        district_code="MUS",
        number_slot=member.id,
        employer_key=member.employer,
    )
