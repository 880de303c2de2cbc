"""Telling everything to a device that asked for it: some case files at a time, going on where it stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.audience import Role
from app.domain.dots import Dot
from app.domain.merge import Change
from app.services.mailbox import ChannelKey, Place, Stream
from sync.encoding import wire
from sync.engine import Engine
from sync.ports import Post
from sync.roster import DeviceState, Roster
from sync.sending.giving_back import GivingBack, Shows
from sync.sending.own_channels import Channels
from sync.sending.places import following_place
from sync.sending.reach import Audiences
from sync.sending.telling import AT_ONCE, LASTING, Telling
from sync.signed.checkpoint import Answer, Part, Proof, Reach, proven_by, signed_by

MOST_BYTES: Final = 1 << 20
"""Bytes of values after which no further case file is begun in one transaction."""
REACHES: Final = 1000
"""Streams named in one part: some years of sessions take several."""
_BEGUN: Final = "answer:"
"""Prefix of what is remembered of an answer that was begun."""


_State = tuple[Dot | None, tuple[Change, ...]]
"""A case file's state, or that of what is outside case files (None)."""


@dataclass(frozen=True)
class _Begun:
    """How far an answer is, and how things stood when it was begun: what came since is sent as ever.

    `place`: channel key of the first part, with its number; 0 while none was sealed. `done`: the last case
    file told. `read` and `told` as in the answer.
    """

    ask: bytes
    session: int
    channel: bytes
    begun_ms: int
    read: tuple[Reach, ...]
    told: tuple[Reach, ...]
    first: int = 0
    done: Dot | None = None

    def packed(self) -> bytes:
        """Give it as it is remembered."""
        done = b"" if self.done is None else self.done.to_bytes()
        rows = ([list(row) for row in rows] for rows in (self.read, self.told))
        return wire.encode([self.ask, self.session, self.channel, self.begun_ms, *rows, self.first, done])

    @classmethod
    def unpacked(cls, kept: bytes) -> _Begun:
        """Read what was remembered."""
        ask, session, channel, begun_ms, read, told, first, done = wire.decode_strict(
            kept, limit=wire.BODY_LIMIT
        )
        reaches, streams = (tuple(Reach(*row) for row in rows) for rows in (read, told))
        last = Dot.from_bytes(done) if done else None
        return cls(ask, session, channel, begun_ms, reaches, streams, first, last)


class Answers:
    """Answers asks for the state of everything; everything happens in the caller's transaction."""

    def __init__(self, engine: Engine, channels: Channels, telling: Telling) -> None:
        """Seal into `channels`."""
        self._engine = engine
        self._channels = channels
        self._telling = telling

    def tell_some(self, post: Post) -> int:
        """Tell some of what the next device that can be reached is due; gives how many envelopes."""
        for device, ask in post.asking.state_due():
            member = self._engine.roster.member_of_device(device)
            if member is not None and self._channels.reaches(post, member.id):
                return self._go_on(post, device, member.id, ask)
        return 0

    def _go_on(self, post: Post, device: int, member: int, ask: bytes) -> int:
        key = self._channels.open(post, frozenset({member}))
        begun = self._begun(post, key, device, member, ask)
        cases = post.asking.case_files()
        at = cases.index(begun.done) + 1 if begun.done in cases else 0
        some = list(self._some(post, cases[at:]))
        ends = at + len(some) == len(cases)
        outside = [(None, post.asking.state_of_case(None, LASTING))] if ends else []
        told = self._tell(post, key, [*some, *outside], member)
        first = begun.first or (told[0] if told else 0)
        begun = replace(begun, first=first, done=some[-1][0] if some else None)
        if not ends:
            post.rounds.put_state(f"{_BEGUN}{device}", begun.packed())
            return max(1, len(told))
        post.rounds.put_state(f"{_BEGUN}{device}", None)
        return len(told) + self._seal_last(post, key, device, begun)

    def _begun(self, post: Post, key: ChannelKey, device: int, member: int, ask: bytes) -> _Begun:
        """Give how far this answer is; anew for another ask, and in another session: parts share a stream."""
        engine = self._engine
        kept = post.rounds.state(f"{_BEGUN}{device}")
        begun = None if kept is None else _Begun.unpacked(kept)
        if begun and (begun.ask, begun.session, begun.channel) == (ask, engine.office.session, key.channel):
            return begun
        return _Begun(
            ask,
            engine.office.session,
            key.channel,
            engine.now_ms(),
            tuple(Reach(*row) for row in post.into.read_streams(device)),
            self._told(post, member),
        )

    def _told(self, post: Post, member: int) -> tuple[Reach, ...]:
        """Give the own streams that an answer contains; those too that went with an older disk."""
        told = post.out.told_again()
        for session, channel, n in post.out.streams_to(self._engine.index, member):
            told[session, channel] = max(n, told.get((session, channel), 0))
        return tuple(Reach(*stream, n) for stream, n in sorted(told.items()))

    def _some(self, post: Post, cases: Sequence[Dot]) -> Iterator[tuple[Dot, tuple[Change, ...]]]:
        """Go through the next case files with their states, as many as are told in one transaction."""
        size = 0
        for case in cases[:AT_ONCE]:
            if size > MOST_BYTES:
                return
            known = post.asking.state_of_case(case, LASTING)
            size += sum(len(change.value) for change in known)
            yield case, known

    def _tell(self, post: Post, key: ChannelKey, states: Iterable[_State], member: int) -> list[int]:
        """Seal these states as far as a member is told them from here; gives the parts' places."""
        audiences = Audiences(self._engine, post)
        mine: list[Change] = []
        theirs: list[Change] = []
        lone: set[bytes] = set()
        for case, known in states:
            readable = [item for item in known if self._telling.may_read(audiences, (item,), member)]
            if self._leads(audiences, case):
                mine += readable
                if case is not None and member in audiences.readers(case):
                    post.asking.note_given(case, (member,), self._engine.device.id)
                continue
            mine += (item for item in readable if item.author == self._engine.me.id)
            is_led = audiences.is_led(case, member)
            theirs += (item for item in readable if self._is_theirs(item, member, is_led=is_led))
            lone |= {item.digest for item in readable if case is not None and not is_led}
        back = GivingBack(self._engine, post, theirs, self._shows(audiences, member))
        unproven = [item for item in theirs if item.digest in lone and item not in back.changes]
        return [
            *self._telling.tell(post, key, mine),
            *self._telling.tell_proven(post, key, back),
            *self._telling.tell(post, key, unproven),
        ]

    def _leads(self, audiences: Audiences, case: Dot | None) -> bool:
        """Tell whether this device tells all of a case file, or of what is outside case files."""
        if case is None:
            return self._engine.me.role is Role.SUPERVISOR
        facts = audiences.facts(case)
        return self._engine.me.id in (facts.responsible, facts.supervision)

    def _is_theirs(self, change: Change, member: int, *, is_led: bool) -> bool:
        """Tell whether a change is told although others lead: here may be the only copy.

        What the asker wrote; and, where nobody but the asker leads who has a computer, what those wrote who
        have none any more.
        """
        me = self._engine.me.id
        if me in (member, change.author):
            return False
        return change.author == member or (not is_led and self._is_gone(change))

    def _shows(self, audiences: Audiences, member: int) -> Shows:
        """Give what a proof amounts to for a member: what they would not take from here holds a part up."""

        def shows(
            proof: Proof, known: Mapping[bytes, tuple[Change, ...]], roster: Roster
        ) -> tuple[Change, ...]:
            signed = signed_by(proof, known, roster)
            if proven_by(proof, known, roster):
                return signed
            return tuple(item for item in signed if audiences.may_vouch(self._engine.me, item, member))

        return shows

    def _is_gone(self, change: Change) -> bool:
        """Tell whether a change comes from a computer that tells nothing any more."""
        maker = self._engine.roster.device_by_id(change.dot.device)
        member = None if maker is None else self._engine.roster.member(maker.member)
        active = maker is not None and maker.state is DeviceState.ACTIVE
        return not active or member is None or not member.active

    def _seal_last(self, post: Post, key: ChannelKey, device: int, begun: _Begun) -> int:
        """Say that this was all, and which streams it contains, in as many parts as that takes."""
        first = begun.first or following_place(self._engine, post, key).n
        rows = [(False, row) for row in begun.read] + [(True, row) for row in begun.told]
        for at in range(0, max(1, len(rows)), REACHES):
            some = rows[at : at + REACHES]
            read = tuple(row for is_told, row in some if not is_told)
            told = tuple(row for is_told, row in some if is_told)
            n = self._telling.seal_part(post, key, Part(answer=Answer(begun.ask, first, read, told)))
        stream = Stream(self._engine.index, self._engine.office.session, key.channel)
        post.asking.note_state_told(device, Place(stream, n), begun.begun_ms, begun.ask)
        return len(range(0, max(1, len(rows)), REACHES))
