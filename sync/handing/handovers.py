"""Handovers as the engine keeps them: receipts by the new holder, and when the giver may let go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.declarations import HANDOVER_RECEIPT, STAND_IN
from app.domain.dots import Context, Dot
from app.domain.handover import Handover, givers
from app.domain.orders import WAIT_MS, has_waited
from app.domain.receipt import pack_receipts
from app.domain.records import Record, new_record
from app.domain.stand_in import stands_in
from app.services import handovers
from app.services.ports import Session, today
from sync.engine import Engine
from sync.ports import Post
from sync.removal.days import relay_time, today_of
from sync.removal.parted import files_ever_one
from sync.sending.own_channels import Channels
from sync.sending.reach import Audiences, is_only_here
from sync.sending.telling import Telling

_TOLD: Final = "handover:told:"
"""Prefix of the setting that notes how far a case file that comes back was told."""


@dataclass(frozen=True)
class Standing:
    """How a handover stands, seen from this device.

    `arrived` of `held` changes are on the computers of `holder`, who has the case file now, by
    their receipts;
    `gives_up_ms` is the moment (since 1970, this device's clock) from which the giver's
    copy may go, None while something is lacking: see `lacks`.
    """

    handover: Handover
    case: Dot
    number: str
    holder: int = 0
    held: int = 0
    arrived: int = 0
    gives_up_ms: int | None = None
    uncleared: int = 0
    """Changes among them that cannot arrive, because the recipient is not cleared for them."""
    lacks: tuple[str, ...] = ()
    """ "answer", "receipt", "identity", "time", in this order: all that giving up still waits for."""


@dataclass(frozen=True)
class StandIn:
    """A stand-in with the case file that it is for; `stands` tells whether it is their time."""

    entry: Record
    case: Dot
    number: str
    stands: bool


class Handovers:
    """What a workplace offers about handovers. Asking and answering are in `app.services.handovers`."""

    def __init__(self, engine: Engine, session: Session) -> None:
        """Work for one unlocked device."""
        self._engine = engine
        self._session = session

    def prepare(self) -> None:
        """Write what is due before an exchange: receipts for what came, and that all has arrived."""
        with self._engine.office.transaction() as post:
            for case in post.handovers.taken_by(self._session.me):
                self._write_receipts(post, case)
            for case in post.handovers.given_by(self._session.me):
                self._follow(post, case)
            for case in self._turned_down(post):
                self._begin_wait(post, case)
            for case in post.handovers.offered_by(self._session.me):
                self._tell_returning(post, case)

    def standing(self) -> tuple[Standing, ...]:
        """Tell how every handover known here stands, newest first."""
        with self._engine.office.transaction() as post:
            cases = post.handovers.cases()
            found = [self._stands(post, case, item) for case in cases for item in _known(post, case)]
        return tuple(sorted(found, key=lambda item: item.handover.asked.updated_hlc, reverse=True))

    def stand_ins(self) -> tuple[StandIn, ...]:
        """Give every stand-in known here, the one who ends last first."""
        with self._engine.office.transaction() as post:
            day = today_of(self._engine, post)
            found = [
                StandIn(entry, case, _number(post, case), stands_in(entry, day))
                for case in post.handovers.stand_in_cases()
                for entry in post.records.records(STAND_IN.name, case)
            ]
        return tuple(sorted(found, key=lambda item: item.entry.text("stand_in_until") or "9", reverse=True))

    def receipt_covers(self, case: Dot) -> Context:
        """Give what the new holder's receipts cover of a case file that was handed over from here."""
        with self._engine.office.transaction() as post:
            found = self._given(post, case)
            holder = _responsible(post, case)
            named = found is not None and holder is not None
            return post.handovers.receipts(case, holder or 0) if named else Context()

    def may_give_up(self, case: Dot) -> bool:
        """Tell whether nothing is left to wait for: all arrived, identity data settled, 14 days over."""
        with self._engine.office.transaction() as post:
            found = self._given(post, case)
            return found is not None and not self._stands(post, case, found).lacks

    def due(self) -> tuple[Dot, ...]:
        """Give the case files that this device may give up now, and what is left of requests turned down."""
        with self._engine.office.looking() as post:
            audiences = Audiences(self._engine, post)
            # Who still reads it, as a stand-in or by another case file of the same family, goes on with it.
            given = [
                case
                for case in post.handovers.given_by(self._session.me)
                if self._session.me not in audiences.readers(case)
            ]
            declined = [case for case in self._turned_down(post) if self._is_settled(post, case)]
        return (*(case for case in given if self.may_give_up(case)), *declined)

    def _write_receipts(self, post: Post, case: Dot) -> None:
        """Name what came since the last receipt; own entries alone give no reason for one."""
        me = self._session.me
        known = _known(post, case)
        if _responsible(post, case) != me:
            return
        memory = post.handovers
        named, held = memory.receipts(case, me), memory.held(case)
        if givers(known, me, "accepted"):
            expected = held - memory.held(case, {me})
        else:
            expected = memory.held(case, givers(known, me, "released"))
        if expected <= named:
            return
        for document in pack_receipts((held | memory.superseded(case)) - named):
            post.records.save(None, self._receipt(case, document, len(held)))

    def _receipt(self, case: Dot, document: bytes, count: int) -> Record:
        day = today(self._session.clock)
        return new_record(
            HANDOVER_RECEIPT, case, receipt_on=day, receipt_count=count, receipt_context=document
        )

    def _follow(self, post: Post, case: Dot) -> None:
        """Note on the giver's device that all arrived, and since when."""
        found = self._given(post, case)
        if found is None:
            post.handovers.put_covered_since(case, None)
            return
        lacks = self._stands(post, case, found).lacks
        if found.status == "accepted" and not set(lacks) & {"receipt", "identity"}:
            handovers.release(self._session, found)
        elif found.status == "released" and "receipt" not in lacks:
            self._begin_wait(post, case)

    def _tell_returning(self, post: Post, case: Dot) -> None:
        """Tell a case file anew to who had it before: their computers may have let go of it since."""
        known = _known(post, case)
        left = {item.giver for item in known if item.status == "released"}
        # Who read it by a family that fell apart was named nowhere, and has let go of it too.
        anybody = case in files_ever_one(post)
        for item in known:
            comes_back = anybody or item.recipient in left
            if item.giver == self._session.me and comes_back and item.asked.id is not None:
                self._tell_once(post, case, item)

    def _tell_once(self, post: Post, case: Dot, found: Handover) -> None:
        told = f"{_TOLD}{found.asked.id}"
        stage = "taken" if found.is_taken else found.status
        channels = Channels(self._engine)
        if stage not in ("asked", "taken") or post.records.setting(told) == stage:
            return
        if channels.reaches(post, found.recipient):
            Telling(self._engine, channels).tell_newcomers(post, case, frozenset({found.recipient}))
            post.records.put_setting(told, stage)

    def _turned_down(self, post: Post) -> tuple[Dot, ...]:
        """Give the case files of which only a request is here that was answered with no, or taken back.

        Who leads one keeps it, also once they left the district: what they attached lies nowhere else.
        """
        me, audiences = self._session.me, Audiences(self._engine, post)
        given = post.handovers.given_by(me)
        return tuple(
            case
            for case in post.handovers.offered_to(me)
            if case not in given
            and _responsible(post, case) != me
            and all(item.status != "asked" for item in _known(post, case))
            and me not in audiences.readers(case)
        )

    def _is_settled(self, post: Post, case: Dot) -> bool:
        """Tell whether others have read what was written here about a case file, and 14 days have passed.

        Who once stood in may have written what nobody else is cleared for: they keep it.
        """
        since = post.handovers.covered_since(case)
        if since is None or post.handovers.is_unread(case) or is_only_here(self._engine, post, case):
            return False
        return has_waited(since, (self._engine.now_ms(), relay_time(post)))

    def _begin_wait(self, post: Post, case: Dot) -> None:
        """Begin to count; anew when a relay is heard for the first time, for its clock must agree."""
        since, heard = post.handovers.covered_since(case), relay_time(post)
        if since is not None and since[1] is None and heard is not None:
            post.handovers.put_covered_since(case, None)
        post.handovers.put_covered_since(case, (self._engine.now_ms(), heard))

    def _given(self, post: Post, case: Dot) -> Handover | None:
        """Give the handover by which a case file left this person; None while, or again, it is theirs."""
        me = self._session.me
        if _responsible(post, case) == me:
            return None
        return next((item for item in _known(post, case) if item.giver == me and item.is_taken), None)

    def _stands(self, post: Post, case: Dot, found: Handover) -> Standing:
        number = _number(post, case)
        if not found.is_taken or found.giver != self._session.me:
            return Standing(found, case, number, lacks=("answer",) if found.status == "asked" else ())
        memory = post.handovers
        held = memory.held(case)
        holder = _responsible(post, case) or found.recipient
        arrived = held & memory.receipts(case, holder)
        since = memory.covered_since(case) if found.status == "released" else None
        until = None if since is None else since[0] + WAIT_MS
        lacks: tuple[str, ...] = () if held == arrived else ("receipt",)
        if not found.identity_data and memory.has_identity_data(case):
            lacks += ("identity",)
        if since is None or not has_waited(since, (self._engine.now_ms(), relay_time(post))):
            lacks += ("time",)
        member = self._engine.roster.member(holder)
        uncleared = 0 if member is not None and member.cleared else memory.sensitive(case)
        return Standing(found, case, number, holder, len(held), len(arrived), until, uncleared, lacks)


def _known(post: Post, case: Dot) -> tuple[Handover, ...]:
    return handovers.handovers_of(post.records, case)


def _number(post: Post, case: Dot) -> str:
    head = post.records.record("CaseFile", case)
    return "" if head is None else head.text("number")


def _responsible(post: Post, case: Dot) -> int | None:
    head = post.records.record("CaseFile", case)
    return None if head is None else head.number("responsible")
