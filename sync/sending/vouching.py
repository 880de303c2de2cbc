"""What was read of a computer before its suspension came here, and is refused where it was not read in time.

Who has read it tells it on to all who may read it, with the signature of who wrote it: else two would
end differently for good. What nobody had read stays refused until a keeper releases it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from app.domain.audience import Role
from app.domain.dots import Dot
from app.domain.merge import Change
from sync.engine import Engine
from sync.ports import Post
from sync.recovery.suspension import read_early
from sync.roster import Device, DeviceState, Roster
from sync.sending.giving_back import GivingBack
from sync.sending.own_channels import Channels
from sync.sending.reach import Audiences
from sync.sending.telling import LASTING, Telling
from sync.signed.checkpoint import signed_by

_DUE: Final = "read_early"
_WORD: Final = 4


def note_suspended(post: Post, before: Roster, roster: Roster) -> None:
    """Note the computers that a new roster suspends or revokes: what was read of them is to be told on."""
    due = set(_due(post))
    for device in roster.devices:
        old = before.device(device.index)
        if old is not None and device.state is not DeviceState.ACTIVE and device != old:
            due.add(device.index)
    _put_due(post, due)


class Vouching:
    """Tells it on; everything happens in the caller's transaction."""

    def __init__(self, engine: Engine, channels: Channels, telling: Telling) -> None:
        """Seal into `channels`."""
        self._engine = engine
        self._channels = channels
        self._telling = telling

    def tell(self, post: Post) -> int:
        """Tell what is due to all who can be reached; gives how many envelopes."""
        due = _due(post)
        if not due:
            return 0
        found = [self._tell_of(post, index) for index in due]
        _put_due(post, (index for index, (_count, later) in zip(due, found, strict=True) if later))
        return sum(count for count, _later in found)

    def _tell_of(self, post: Post, index: int) -> tuple[int, bool]:
        """Tell what was read of one computer; gives how many envelopes, and whether somebody still waits."""
        device = self._engine.roster.device(index)
        early = frozenset() if device is None else read_early(post, self._engine.roster, device)
        if device is None or not early or index == self._engine.index:
            return 0, False
        groups: dict[frozenset[int], list[Change]] = {}
        later = False
        audiences = Audiences(self._engine, post)
        for change in self._standing(post, device, early):
            lacking = self._lacking(post, audiences, change)
            reached = frozenset(item for item in lacking if self._channels.reaches(post, item))
            later |= reached != lacking
            groups.setdefault(reached, []).append(change)
        count = 0
        for members in groups.keys() - {frozenset()}:
            key = self._channels.open(post, members)
            back = GivingBack(self._engine, post, groups[members], signed_by)
            count += len(self._telling.tell_proven(post, key, back))
        return count, later

    def _standing(self, post: Post, device: Device, early: frozenset[bytes]) -> Iterator[Change]:
        """Go through what a computer wrote in these envelopes and belongs to the state of its case file."""
        sent = post.asking.sent_in(device.index, early)
        written = [change for dot in sent for change in post.asking.change(Dot.from_bytes(dot))]
        for case in sorted({item.case for item in written if item.dot.device == device.id}, key=str):
            names = {item.digest for item in written if item.case == case}
            state = post.asking.state_of_case(case, LASTING)
            yield from (change for change in state if change.digest in names)

    def _lacking(self, post: Post, audiences: Audiences, change: Change) -> frozenset[int]:
        """Give who may read a change and was not told it from here; this member too, for another computer."""
        roster, me = self._engine.roster, self._engine.me
        if change.case is None:
            readers = frozenset(item.id for item in roster.members if me.role is Role.SUPERVISOR)
        else:
            readers = audiences.readers(change.case)
        return frozenset(
            member
            for member in readers
            if roster.devices_of(member)
            and not post.asking.is_in_state(change, member)
            and self._telling.may_read(audiences, (change,), member)
        )


def _due(post: Post) -> tuple[int, ...]:
    kept = post.rounds.state(_DUE) or b""
    return tuple(int.from_bytes(kept[at : at + _WORD], "big") for at in range(0, len(kept), _WORD))


def _put_due(post: Post, indexes: Iterable[int]) -> None:
    post.rounds.put_state(_DUE, b"".join(item.to_bytes(_WORD, "big") for item in sorted(indexes)) or None)
