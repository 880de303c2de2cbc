"""Roster changes that need two keepers: one proposes and signs, another looks at it and signs too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.declarations import PROPOSAL_WITHDRAWAL, ROSTER_PROPOSAL
from app.domain.dots import Dot
from app.domain.errors import KimError
from app.domain.records import Record, new_record
from sync.district.roster_chain import keepers_signed, signatures_needed
from sync.district.roster_words import RosterFact, difference
from sync.engine import Engine
from sync.errors import ReadingError
from sync.ports import Post
from sync.roster import Roster, decode_roster, encode_roster

OVERTAKEN: Final = "overtaken"
UNREADABLE: Final = "unreadable"


class ProposalError(KimError):
    """A proposal cannot be signed (`reason`: overtaken, unreadable)."""

    error_id = "proposal"


@dataclass(frozen=True)
class Proposal:
    """What a keeper proposes, as facts; `mine`: made by this person, who can only withdraw it."""

    id: Dot
    by: str
    mine: bool
    reason: str
    facts: tuple[RosterFact, ...]
    signed: int
    needed: int


class Proposals:
    """Reads and writes proposals of one device, within the caller's transaction."""

    def __init__(self, engine: Engine, post: Post) -> None:
        """Work for `engine`."""
        self._engine, self._post = engine, post

    def open_ones(self) -> tuple[Proposal, ...]:
        """Give the keepers' proposals that may still be signed, the newest first."""
        withdrawn = self._withdrawn()
        found = (self._read(record) for record in self._post.records.records(ROSTER_PROPOSAL.name, None))
        return tuple(item for item in found if item is not None and item.id not in withdrawn)

    def put(self, roster: Roster, reason: str) -> None:
        """Propose a roster that its maker has signed."""
        form = new_record(ROSTER_PROPOSAL, proposed_roster=encode_roster(roster), proposal_reason=reason)
        self._post.records.save(None, form)

    def withdraw(self, proposal: Dot) -> None:
        """Take an own proposal back."""
        self._post.records.save(None, new_record(PROPOSAL_WITHDRAWAL, withdrawn=proposal))

    def roster(self, proposal: Dot) -> Roster:
        """Give the proposed roster with its signatures; raises ProposalError."""
        record = self._post.records.record(ROSTER_PROPOSAL.name, proposal)
        roster = None if record is None else _roster(record)
        if roster is None:
            raise ProposalError(reason=UNREADABLE)
        if roster.previous[:1] != (self._engine.roster.hash,):
            raise ProposalError(reason=OVERTAKEN)
        return roster

    def _read(self, record: Record) -> Proposal | None:
        maker, roster = self._maker(record), _roster(record)
        known = self._engine.roster
        member = None if maker is None else known.member(maker)
        if record.id is None or member is None or roster is None or member.id not in known.keepers:
            return None
        if roster.previous[:1] != (known.hash,):
            return None
        return Proposal(
            record.id,
            member.name,
            member.id == self._engine.me.id,
            record.text("proposal_reason"),
            difference(known, roster),
            len(keepers_signed(known, roster)),
            signatures_needed(known, roster),
        )

    def _withdrawn(self) -> frozenset[Dot]:
        """Give what was withdrawn by its own maker."""
        found = set()
        for record in self._post.records.records(PROPOSAL_WITHDRAWAL.name, None):
            proposal = record.reference("withdrawn")
            if proposal is not None and self._member(proposal) == self._maker(record):
                found.add(proposal)
        return frozenset(found)

    def _maker(self, record: Record) -> int | None:
        return None if record.id is None else self._member(record.id)

    def _member(self, record: Dot) -> int | None:
        device = self._engine.roster.device_by_id(record.device)
        return None if device is None else device.member


def _roster(record: Record) -> Roster | None:
    sealed = record.get("proposed_roster")
    try:
        return decode_roster(sealed) if isinstance(sealed, bytes) else None
    except ReadingError:
        return None
