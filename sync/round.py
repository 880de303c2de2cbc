"""One round with the relay: offer, send, fetch, apply, report. Killed anywhere, the next one goes on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from app.services.mailbox import ParcelKind, ParcelState, RelayRun, RoundReport
from sync.carriers import Cancelled, Carrier, Progress, RoundCancelledError
from sync.carriers.http import LineCutError, RelayCursorUnknownError, RelayRefusedError
from sync.district.rosters import Rosters
from sync.engine import Engine
from sync.ports import Post
from sync.recovery.second_self import note_other_self
from sync.removal.days import note_relay_time
from sync.removal.destroying import destroy_keys, flush_destroyed, is_flush_due
from sync.rounds.exchange import (
    MAX_WANTED,
    Cursor,
    Gap,
    Kind,
    RoundAnswer,
    RoundRequest,
    Run,
    StatusCode,
    item_digest,
    runs_digest,
)
from sync.rounds.offer import Offer, has_more, make_offer, note_lost, note_taken, open_gaps, take_statuses
from sync.rounds.pace import Pace
from sync.sending.dispatch import Dispatch
from sync.sending.heads import note_vanished
from sync.sending.own_prekeys import date_prekey, renew_prekey
from sync.taking.absence import note_complete, note_return, note_set_back, note_strange_prekeys, note_stuck
from sync.taking.acknowledgements import free_read_copies
from sync.taking.asking import make_ask
from sync.taking.reading import Reading, Tally

MOST_EXCHANGES: Final = 10_000
"""A round ends, whatever a relay answers."""
_CURSOR: Final = "cursor"
_WORD: Final = 8
_KINDS: Final = {
    Kind.ENVELOPE: ParcelKind.ENVELOPE,
    Kind.GRANT: ParcelKind.GRANT,
    Kind.ACK: ParcelKind.ACK,
    Kind.PREKEY: ParcelKind.PREKEY,
    Kind.PURGE: ParcelKind.PURGE,
    Kind.ASK: ParcelKind.ASK,
}
_BY_ROSTER: Final = frozenset({"unknown_district", "unknown_device", "not_active"})
"""Refusals that a newer roster than the relay's ends."""
_ORDER: Final = (Kind.PREKEY, Kind.GRANT, Kind.ENVELOPE, Kind.PURGE, Kind.ACK, Kind.ASK)


@dataclass
class _Aims:
    """What the next exchange asks for, besides what it brings."""

    cursor: Cursor | None = None
    listing: bool = False
    own_inventory: bool = False
    asked_own: bool = False
    gaps_asked: bool = False
    named_gaps: tuple[Gap, ...] = ()
    told_lacks: bool = False
    rosters_again: bool = False
    wanted: list[bytes] = field(default_factory=list)
    refused: set[bytes] = field(default_factory=set)


class Round:
    """One round of one device; use it once."""

    def __init__(self, engine: Engine, carrier: Carrier, rosters: Rosters) -> None:
        """Speak to the relay by `carrier`."""
        self._engine = engine
        self._carrier = carrier
        self._rosters = rosters
        self._dispatch = Dispatch(engine)
        self._reading = Reading(engine)
        self._pace = Pace()
        self._aims = _Aims()
        self._tally = Tally()
        self._report = RoundReport(engine.now_ms())
        self._lost_some = False
        self._done = self._total = self._sent = self._received = 0

    def run(self, progress: Progress, cancelled: Cancelled) -> RoundReport:
        """Bring and fetch all there is; raises RoundCancelledError and the carrier's errors.

        `progress` is told the bytes carried so far and those known to be carried in all. What was taken
        over before an error stays.
        """
        with self._engine.office.transaction() as post:
            renew_prekey(self._engine, post)
            self._aims.cursor = _stored_cursor(post)
        try:
            self._rosters.publish(cancelled)
        except RelayRefusedError as error:
            # What it held yesterday it has lost, and the newest alone tells it nothing.
            self._introduce(error, cancelled)
        self._dispatch.seal()
        try:
            self._exchange_all(progress, cancelled)
        except BaseException:
            self._final_report()
            raise
        return self._complete()

    def _exchange_all(self, progress: Progress, cancelled: Cancelled) -> None:
        for _ in range(MOST_EXCHANGES):
            if cancelled():
                raise RoundCancelledError
            try:
                again = self._exchange(progress, cancelled)
            except RelayCursorUnknownError:
                self._begin_inventory()
            except LineCutError:
                if not self._pace.slow_down():
                    raise
            except RelayRefusedError as error:
                self._introduce(error, cancelled)
            else:
                if not again:
                    return

    def _exchange(self, progress: Progress, cancelled: Cancelled) -> bool:
        with self._engine.office.transaction() as post:
            offer = make_offer(self._engine, post, self._pace.budget, self._aims.refused)
        request = self._request(offer)
        before = self._engine.clock.monotonic()
        answer = self._carrier.round(request, self._watch(offer, progress), cancelled)
        carried = offer.size + sum(len(item.sealed) for item in answer.deliveries)
        self._pace.learn(self._engine.clock.monotonic() - before, carried)
        self._engine.relay_ahead_ms = answer.time - self._engine.now_ms()
        self._rosters.note_at_relay(answer.roster_version)
        self._count(offer, answer)
        self._take_statuses(offer, answer)
        self._take_deliveries(answer)
        # A relay that lost the newest list would go on giving what comes by it to who is not in it any more.
        self._rosters.publish(cancelled)
        return self._goes_on(answer)

    def _request(self, offer: Offer) -> RoundRequest:
        aims = self._aims
        gaps = () if aims.gaps_asked else offer.gaps
        aims.gaps_asked, aims.named_gaps = True, gaps
        return RoundRequest(
            roster_version=self._engine.roster.version,
            cursor=aims.cursor,
            envelopes=tuple(item.sealed for item in offer.envelopes if item.sealed is not None),
            grants=tuple(item.sealed for item in offer.grants),
            acks=tuple(sealed for _, sealed in offer.acks),
            prekeys=tuple(item.signed for item in offer.prekeys),
            purges=tuple(item.sealed for item in offer.purges),
            asks=offer.asks,
            wanted=tuple(aims.wanted[:MAX_WANTED]),
            gaps=gaps,
            inventory_only=aims.listing,
            own_inventory=aims.own_inventory,
            budget=self._pace.budget,
        )

    def _watch(self, offer: Offer, progress: Progress) -> Progress:
        done, self._total = self._done, max(self._total, self._done + offer.size)
        self._sent = self._received = 0

        def watch(sent: int, received: int) -> None:
            self._sent, self._received = sent, received
            self._done = done + sent + received
            self._total = max(self._total, self._done)
            progress(self._done, self._total)

        return watch

    def _count(self, offer: Offer, answer: RoundAnswer) -> None:
        report = self._report
        stored = sum(status.code is StatusCode.STORED for status in answer.statuses[: len(offer.envelopes)])
        envelopes = [item for item in answer.deliveries if item.kind is Kind.ENVELOPE]
        self._report = replace(
            report,
            requests=report.requests + 1,
            envelopes_up=report.envelopes_up + stored,
            envelopes_down=report.envelopes_down + len(envelopes),
            bytes_up=report.bytes_up + self._sent,
            bytes_down=report.bytes_down + self._received,
        )

    def _take_statuses(self, offer: Offer, answer: RoundAnswer) -> None:
        with self._engine.office.transaction() as post:
            # Another day: somebody's time as a stand-in may have begun.
            self._tally.reach |= note_relay_time(post, answer.time)
            if not self._report.requests > 1:
                note_return(self._engine, post, answer.time)
                date_prekey(self._engine, post, answer.time)
            self._lost_some = note_taken(post, answer)
            refused, conflicts = take_statuses(post, offer, answer.statuses)
            if self._aims.own_inventory:
                before = post.out.runs()
                post.out.replace_runs(RelayRun(*_parts(run)) for run in answer.own_runs)
                self._tally.reach |= note_vanished(post, before)
                note_other_self(self._engine, post, post.out.runs())
                # Places that only the relay knows: this disk was set back, and what it sent comes back.
                self._aims.gaps_asked = not note_lost(post)
                note_set_back(self._engine, post, answer.time, at_end=False)
        self._aims.own_inventory = False
        self._aims.refused |= refused
        for item in conflicts:
            self._dispatch.start_anew(item)
        self._tally.reach |= bool(conflicts)

    def _take_deliveries(self, answer: RoundAnswer) -> None:
        if self._rosters.take(answer.rosters):
            self._tally.news = self._tally.reach = True
        for kind in _ORDER:
            for item in answer.deliveries:
                if item.kind is kind:
                    self._reading.take(_KINDS[kind], item.sealed, self._tally)
        self._reading.read_again(self._tally)
        with self._engine.office.transaction() as post:
            self._note_position(post, answer)
            free_read_copies(self._engine, post)

    def _note_position(self, post: Post, answer: RoundAnswer) -> None:
        """Keep the cursor only when all before it is in the store: what is listed is not yet here."""
        aims = self._aims
        aims.cursor = answer.cursor or aims.cursor
        got = {item.digest for item in answer.inventory}
        if aims.listing:
            aims.wanted += [item.digest for item in answer.inventory if not _is_here(post, item.digest)]
        else:
            delivered = {item_digest(item.sealed) for item in answer.deliveries} | set(answer.absent)
            aims.wanted = [digest for digest in aims.wanted if digest not in delivered]
        aims.listing = aims.listing and answer.more and bool(got)
        if not aims.listing and not aims.wanted and aims.cursor is not None:
            post.rounds.put_mark(_CURSOR, _packed(aims.cursor))

    def _goes_on(self, answer: RoundAnswer) -> bool:
        aims = self._aims
        if self._tally.reach:
            self._tally.reach = False
            self._dispatch.seal()
        with self._engine.office.transaction() as post:
            differs = runs_digest(_runs(post)) != answer.own_digest or self._lost_some
            if differs and not aims.asked_own:
                aims.own_inventory = aims.asked_own = True
                post.into.ack_all_again()
            if aims.named_gaps and answer.deliveries:
                # The same again would bring the same: what came is held, such as one's own under a lost key.
                aims.gaps_asked = open_gaps(self._engine, post) in ((), aims.named_gaps)
            waiting = has_more(post, aims.refused)
            asks = bool(aims.wanted) or aims.own_inventory or aims.listing or not aims.gaps_asked
            return answer.more or waiting or asks or self._tell_lacks(post, answer.time)

    def _tell_lacks(self, post: Post, relay_ms: int) -> bool:
        """Ask others for what the relay does not have either, once in a round; tells whether it did."""
        if self._aims.told_lacks:
            return False
        self._aims.told_lacks = True
        note_set_back(self._engine, post, relay_ms, at_end=True)
        note_strange_prekeys(self._engine, post)
        note_stuck(post)
        make_ask(self._engine, post)
        return has_more(post, self._aims.refused)

    def _complete(self) -> RoundReport:
        """Note that nothing was left behind, and destroy the keys that have had their time."""
        with self._engine.office.transaction() as post:
            note_complete(post, self._engine.relay_now_ms())
            destroy_keys(self._engine, post)
            due = is_flush_due(post)
            report = self._final_report()
        if due:
            flush_destroyed(self._engine)
        return report

    def _begin_inventory(self) -> None:
        """The relay does not know our cursor: it was set back, or we were. Compare everything."""
        if self._aims.listing:
            raise RelayCursorUnknownError
        self._aims.cursor = None
        self._aims.listing = self._aims.own_inventory = self._aims.asked_own = True
        with self._engine.office.transaction() as post:
            post.into.ack_all_again()

    def _introduce(self, error: RelayRefusedError, cancelled: Cancelled) -> None:
        """The relay does not know us: it lost the district, or some of its rosters. Give it those, once."""
        if error.params.get("reason") == "not_active":
            # Unless that says why: the relay was set back behind the roster that lifted it.
            self._rosters.learn_own_state(cancelled)
        if self._aims.rosters_again or error.params.get("reason") not in _BY_ROSTER:
            raise error
        self._aims.rosters_again = True
        self._rosters.note_at_relay(0)
        self._rosters.publish(cancelled)

    def _final_report(self) -> RoundReport:
        with self._engine.office.transaction() as post:
            held = len(post.into.waiting(ParcelState.HELD))
            report = replace(
                self._report,
                applied=self._tally.applied,
                changed=self._tally.changed,
                held=held,
                quarantined=len(post.into.waiting(ParcelState.QUARANTINED)),
                states=self._tally.states,
            )
            if report.requests:
                post.rounds.put_report(report)
        return report


def _stored_cursor(post: Post) -> Cursor | None:
    kept = post.rounds.state(_CURSOR)
    return None if kept is None else Cursor(int.from_bytes(kept[:_WORD], "big"), kept[_WORD:])


def _packed(cursor: Cursor) -> bytes:
    return cursor.number.to_bytes(_WORD, "big") + cursor.digest


def _parts(run: Run) -> tuple[int, bytes, int, int, bytes]:
    return run.session, run.channel, run.first, run.last, run.head


def _runs(post: Post) -> list[Run]:
    return [Run(run.session, run.channel, run.first, run.last, run.head) for run in post.out.runs()]


def _is_here(post: Post, digest: bytes) -> bool:
    return post.into.is_applied(digest) or post.into.parcel(digest) is not None
