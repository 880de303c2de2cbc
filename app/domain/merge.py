"""The one law by which heads follow from changes, for local writes and remote changes alike.

A register is a declared group of fields that merges as a whole. Its heads are
the changes that no known context covers: one head is settled, more are a
conflict. Nothing here reads a clock or a store; the outcome depends on the set
of changes alone, never on their order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot

Protection = Callable[[bytes], int]


@dataclass(frozen=True)
class Change:
    """One write of one register, as it is stored and sent.

    `value` is the canonical CBOR of the register's fields, kept as bytes so that
    what a newer program wrote passes through untouched. `reason` is not None for
    a decision, which covers every head it was shown.
    """

    dot: Dot
    case: Dot | None
    record: Dot
    type: str
    register: str
    cls: RegisterClass
    value: bytes
    context: Context
    hlc: int
    author: int
    schema: int
    reason: str | None = None

    @cached_property
    def digest(self) -> bytes:
        """Hash that tells two contents under one dot apart (the context's runs and the value included)."""
        head = repr((self.dot, self.case, self.record, self.type, self.register, int(self.cls)))
        tail = repr((self.context.spans, self.hlc, self.author, self.schema, self.reason))
        return hashlib.sha256(b"\x1f".join((head.encode(), self.value, tail.encode()))).digest()

    @property
    def order(self) -> tuple[int, Dot, bytes]:
        """Key that orders the display and breaks ties; it never decides what survives."""
        return (self.hlc, self.dot, self.digest)


@dataclass(frozen=True)
class RegisterState:
    """What is known of one register: its heads, and every dot that some change covers.

    `attested` names (by digest) the heads that only somebody else's word vouches for, `claimed` what
    such changes say they cover: it hides other attested changes, never a proven one.
    """

    heads: tuple[Change, ...] = ()
    covered: Context = field(default_factory=Context)
    claimed: Context = field(default_factory=Context)
    attested: frozenset[bytes] = frozenset()

    @property
    def in_conflict(self) -> bool:
        """Tell whether a person has to decide."""
        return len(self.heads) > 1


def merge_change(state: RegisterState, change: Change) -> RegisterState:
    """Give the state after `change` is known; the same whatever the order, and however often it comes."""
    covered = state.covered | change.context
    heads = {head.digest: head for head in state.heads if head.dot not in change.context}
    if change.dot not in covered:
        heads[change.digest] = change
    if state.attested or state.claimed:
        return _with_attested(heads.values(), covered, state.claimed, state.attested - {change.digest})
    return RegisterState(tuple(sorted(heads.values(), key=lambda head: head.order)), covered)


def merge_attested(state: RegisterState, change: Change) -> RegisterState:
    """Give the state after somebody said that `change` exists; its author's signature is still to come.

    The state stays a function of the sets of proven and of attested changes, whatever their order.
    """
    if any(head.digest == change.digest and head.digest not in state.attested for head in state.heads):
        return state
    claimed = state.claimed | change.context
    return _with_attested((*state.heads, change), state.covered, claimed, state.attested | {change.digest})


def merge_state(state: RegisterState, other: RegisterState) -> RegisterState:
    """Give what is known when both are: idempotent, commutative, associative, as changes one by one."""
    sides = (state, other)
    proven = {head.digest: head for side in sides for head in side.heads if head.digest not in side.attested}
    heads = {head.digest: head for head in (*state.heads, *other.heads)} | proven
    return _with_attested(
        heads.values(),
        state.covered | other.covered,
        state.claimed | other.claimed,
        (state.attested | other.attested) - proven.keys(),
    )


def _with_attested(
    known: Iterable[Change], covered: Context, claimed: Context, attested: frozenset[bytes]
) -> RegisterState:
    standing = [head for head in known if head.dot not in covered]
    proven = {head.dot for head in standing if head.digest not in attested}
    kept = {
        head.digest: head
        for head in standing
        if head.digest not in attested or (head.dot not in claimed and head.dot not in proven)
    }
    heads = tuple(sorted(kept.values(), key=lambda head: head.order))
    return RegisterState(heads, covered, claimed, attested & kept.keys())


def merge_changes(changes: Iterable[Change], state: RegisterState | None = None) -> RegisterState:
    """Give the state after all of `changes` are known."""
    result = state or RegisterState()
    for change in changes:
        result = merge_change(result, change)
    return result


def provisional_winner(heads: Iterable[Change], protection: Protection | None = None) -> Change:
    """Give the head to show: the more protective value where declared, then the highest clock, then dot."""
    rank = protection or (lambda _value: 0)
    return max(heads, key=lambda head: (rank(head.value), *head.order))


def context_of_shown(shown: Change) -> Context:
    """Give what an ordinary edit covers: the head that was shown and all that it covers."""
    return shown.context | Context.of((shown.dot,))


def context_of_decision(heads: Iterable[Change]) -> Context:
    """Give what a decision covers: every head that the person was shown, and all that they cover."""
    return Context.union(map(context_of_shown, heads))
