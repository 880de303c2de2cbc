"""End of access by itself: a stand-in's days are over, or the client said no; and what a later yes brings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from app.domain.audience import Role
from app.domain.declarations import STAND_IN
from app.domain.dots import Dot
from app.domain.orders import CONSENT_NO, OrderKind
from app.services.readers import entries_of_case
from sync.engine import Engine
from sync.ports import Post
from sync.removal.days import today_of
from sync.removal.orders import Orders
from sync.removal.parted import tell_joined_again
from sync.sending.facts import case_facts, refused_by
from sync.sending.own_channels import Channels
from sync.sending.reach import Audiences
from sync.sending.telling import Telling
from sync.signed.order import read_content

ASSIGNMENT_OVER: Final = "assignment_over"
_ISSUED: Final = "access:ended:"
_BACK: Final = "access:back:"
"""Prefixes of settings: what was ended already, and who was told anew since."""


class Due(NamedTuple):
    """An end of access that this device is to order; `reason` tells two of them apart."""

    case: Dot
    member: int
    basis: str
    reason: str


class EndedAccess:
    """Orders what follows from dates and consents; works before each exchange."""

    def __init__(self, engine: Engine, orders: Orders) -> None:
        """Work for one unlocked device."""
        self._engine = engine
        self._orders = orders

    def prepare(self) -> None:
        """Order each end of access once, and tell case files anew to who may read them again."""
        with self._engine.office.transaction() as post:
            for due in (*self._over(post), *self._refused(post)):
                post.records.put_setting(_ISSUED + due.reason, due.basis)
                self._orders.issue(OrderKind.END_ACCESS, due.basis, due.case, member=due.member)
            self._tell_back(post)
            tell_joined_again(self._engine, post)

    def _over(self, post: Post) -> Iterator[Due]:
        """Go through the stand-ins whose days are over: the case file's supervisor ends their access."""
        if self._engine.me.role is not Role.SUPERVISOR:
            return
        today = today_of(self._engine, post)
        audiences = Audiences(self._engine, post)
        for entry_id, until in post.handovers.stand_ins_over(today.earliest):
            reason = f"{entry_id}/{until}"
            if post.records.setting(_ISSUED + reason) is not None:
                continue
            entry = post.records.record(STAND_IN.name, entry_id)
            member = None if entry is None else entry.number("stand_in")
            # Not the case file as which it is read with others: that has a supervisor of its own, or none.
            for case in post.records.homes_of(entry_id):
                mine = case_facts(post.records, case, today).supervision == self._engine.me.id
                if mine and member is not None and member not in audiences.readers(case):
                    yield Due(case, member, ASSIGNMENT_OVER, reason)

    def _refused(self, post: Post) -> Iterator[Due]:
        """Go through the readers whom a client refused: the case manager ends their access."""
        if self._engine.me.role is not Role.CASE_MANAGER:
            return
        today = today_of(self._engine, post)
        audiences = Audiences(self._engine, post)
        for case in post.handovers.refusing_cases(self._engine.me.id):
            count = len(entries_of_case(post.records, case))
            facts = case_facts(post.records, case, today)
            for member in refused_by(facts) - audiences.readers(case):
                reason = f"{case}/{member}/{count}"
                if post.records.setting(_ISSUED + reason) is None:
                    yield Due(case, member, CONSENT_NO, reason)

    def _tell_back(self, post: Post) -> None:
        """Tell a case file anew to whose access had ended: their computers may have let go of it."""
        audiences, channels = Audiences(self._engine, post), Channels(self._engine)
        telling = Telling(self._engine, channels)
        for item in post.orders.standing():
            if item.kind != OrderKind.END_ACCESS:
                continue
            order = read_content(item.content)
            for case in sorted(order.cases):
                name = f"{_BACK}{item.id.hex()}/{case}"
                told = post.records.setting(name) == "told"
                reads = order.member is not None and order.member in audiences.readers(case)
                if reads and not told and channels.reaches(post, order.member or 0):
                    telling.tell_newcomers(post, case, frozenset({order.member or 0}))
                if reads != told:
                    post.records.put_setting(name, "told" if reads else "")
