"""Whom others' changes did not reach: their writers did not know of them, and are told nothing any more.

Such a writer was shut out by the client, stood in until yesterday, gave the case file up, or lost the
computer: it wrote for those whom it knew then. Who leads the case file tells the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.dots import Context, Dot
from app.domain.merge import Change
from sync.engine import Engine
from sync.ports import Post
from sync.roster import Device, DeviceState
from sync.sending.reach import Audiences
from sync.sending.telling import LASTING, Telling


class PassingOn:
    """Finds out who is to be told, within one transaction."""

    def __init__(self, engine: Engine, telling: Telling, post: Post) -> None:
        """Ask `post`, as its transaction stands."""
        self._engine = engine
        self._telling = telling
        self._post = post
        self._audiences = Audiences(engine, post)
        self._sent: dict[tuple[int, int], frozenset[bytes]] = {}

    def due(self, case: Dot) -> frozenset[int]:
        """Give who is to read a case file, lacks something of it, and is to be told it from here."""
        others = self._audiences.readers(case) - {self._engine.me.id}
        gone = self._gone(case)
        mine = [member for member in others if self._is_to_tell(case, member)] if gone else []
        if not mine:
            return frozenset()
        names = {device.id for device in gone}
        state = self._post.asking.state_of_case(case, LASTING)
        written = [change for change in state if change.dot.device in names]
        return frozenset(member for member in mine if self._lacks(case, member, gone, written))

    def _gone(self, case: Dot) -> list[Device]:
        """Give the computers that wrote in a case file and learn no more who reads it."""
        told = self._audiences.readers(case) | {self._engine.me.id}
        known = map(self._engine.roster.device_by_id, self._post.asking.writers(case))
        return [
            item
            for item in known
            if item is not None
            and item.index != self._engine.index
            and (item.member not in told or item.state is not DeviceState.ACTIVE)
        ]

    def _is_to_tell(self, case: Dot, member: int) -> bool:
        at_work = bool(self._engine.roster.devices_of(member))
        return at_work and self._telling.is_mine(self._audiences, self._post, case, frozenset({member}))

    def _lacks(self, case: Dot, member: int, gone: Iterable[Device], written: Sequence[Change]) -> bool:
        """Tell whether a member may read what nobody is known to have sent them."""
        sent = frozenset[bytes]().union(*(self._sent_to(device, member) for device in gone))
        past = [change for change in written if change.dot.to_bytes() not in sent]
        signed = self._post.handovers.receipts(case, member) if past else Context()
        return any(
            change.dot not in signed
            and not self._post.asking.is_in_state(change, member)
            and self._telling.may_read(self._audiences, (change,), member)
            for change in past
        )

    def _sent_to(self, device: Device, member: int) -> frozenset[bytes]:
        """Give what a computer itself sends to a member, again where it has to.

        One that was put out brings nothing any more, and what it sent may have been lost, or lie on a stick.
        """
        if device.state is not DeviceState.ACTIVE:
            return frozenset()
        name = (device.index, member)
        if name not in self._sent:
            self._sent[name] = self._post.asking.sent_to(device.index, member)
        return self._sent[name]
