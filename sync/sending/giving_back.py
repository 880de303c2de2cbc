"""Telling others' changes with what proves them in the same part.

To a member what they wrote: anybody who read it may, since its proof shows who wrote it. And to all
who may read it what a computer wrote before its suspension came here: see `sync.vouching`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.domain.dots import Dot
from app.domain.merge import Change
from sync.encoding import wire
from sync.engine import Engine
from sync.ports import Post
from sync.roster import Roster
from sync.sending.sealing import leaf_hash
from sync.signed.checkpoint import Leaf, Proof, proof_for, proven_by, read_proof

Shows = Callable[[Proof, Mapping[bytes, tuple[Change, ...]], Roster], tuple[Change, ...]]
"""Gives the changes that a proof shows."""


@dataclass(frozen=True)
class _Shown:
    """A proof with the changes that it shows, and the hash of each of its leaves."""

    proof: Proof
    changes: tuple[Change, ...]
    hashes: tuple[bytes, ...]

    def only(self, inside: frozenset[bytes]) -> Proof:
        """Give the proof with everything but the changes `inside` as hashes: it needs no other to be read."""
        leaves: list[Leaf] = [
            leaf if not isinstance(leaf, bytes) and leaf[0] in inside else hashed
            for leaf, hashed in zip(self.proof.leaves, self.hashes, strict=True)
        ]
        return replace(self.proof, leaves=tuple(leaves))


class GivingBack:
    """Those of some changes that can be proven here."""

    def __init__(
        self, engine: Engine, post: Post, changes: Sequence[Change], shows: Shows = proven_by
    ) -> None:
        """Look for the proofs of `changes`; `shows` tells what a proof amounts to."""
        self._engine = engine
        self._shows = shows
        self._shown = tuple(self._find(post, changes))
        self.changes = tuple(change for shown in self._shown for change in shown.changes)

    def proofs(self, part: Iterable[Change]) -> tuple[Proof, ...]:
        """Give what proves those changes of a part that are given back in it."""
        names = frozenset(change.dot.to_bytes() for change in part)
        found = ((shown, names & {item.dot.to_bytes() for item in shown.changes}) for shown in self._shown)
        return tuple(shown.only(inside) for shown, inside in found if inside)

    def _find(self, post: Post, changes: Sequence[Change]) -> Iterator[_Shown]:
        waiting = {change.dot for change in changes}
        for whole in proofs_at_hand(self._engine.roster, post, changes):
            names = [leaf[0] for leaf in whole.leaves if not isinstance(leaf, bytes)]
            known = {name: post.asking.change(Dot.from_bytes(name)) for name in names}
            proof = proof_for(whole, waiting, known, self._engine.roster)
            shown = () if proof is None else self._shows(proof, known, self._engine.roster)
            if proof is not None and proof.fits and shown:
                waiting -= {change.dot for change in shown}
                hashes = (_hashed(leaf, known) for leaf in proof.leaves)
                yield _Shown(proof, shown, tuple(hashes))


def proofs_at_hand(roster: Roster, post: Post, changes: Iterable[Change]) -> Iterator[Proof]:
    """Go through the stored proofs of changes, each in whole, as it was received."""
    named = tuple(changes)
    makers = (roster.device_by_id(change.dot.device) for change in named)
    senders = {maker.index for maker in makers if maker is not None}
    for stored in post.asking.proofs_of(named, senders) if senders else ():
        yield read_proof(wire.decode_strict(stored, limit=wire.BODY_LIMIT))


def _hashed(leaf: Leaf, known: dict[bytes, tuple[Change, ...]]) -> bytes:
    return leaf if isinstance(leaf, bytes) else leaf_hash(known[leaf[0]][0], leaf[1])
