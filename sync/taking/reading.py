"""Taking what came: applied, held while something is lacking, quarantined when something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from app.domain.dots import HLC_MAX_LEAD_MS, Dot, hlc_ms
from app.domain.merge import Change
from app.domain.schema import BELONGS
from app.services.mailbox import (
    KnownPrekey,
    ParcelKind,
    ParcelState,
    Place,
    ReceivedEnvelope,
    SealedEnvelope,
    StoredParcel,
    Stream,
)
from sync.encoding import wire
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.envelope import Envelope, Header, header_row, read_header
from sync.errors import (
    HeldError,
    LacksFollowingError,
    ReadingError,
    SenderSuspendedError,
    StreamForkError,
    WrongAuthorError,
    WrongContentError,
    WrongRecipientError,
    WrongSizeError,
)
from sync.layout import canonical_change
from sync.ports import Post
from sync.recovery.suspension import is_vouched
from sync.removal.days import relay_time
from sync.removal.order_book import OrderBook, needs_review
from sync.roster import Device
from sync.rounds.moved import Moved, MovedRecords
from sync.sending.facts import alters_audience
from sync.sending.sealing import OpenedEnvelope, open_envelope
from sync.signed.ack import Ack, read_ack, verify_ack
from sync.signed.grant import read_grant
from sync.signed.prekey import read_prekey, verify_prekey
from sync.signed.purge import read_purge, verify_purge
from sync.taking.answering import Answering
from sync.taking.content import check_content
from sync.taking.granted import take_grant
from sync.taking.judging import judge, not_here
from sync.taking.state_reading import StateReading


@dataclass
class Tally:
    """What reading came to so far; `news` is set when something that was lacking may have come."""

    applied: int = 0
    held: int = 0
    quarantined: int = 0
    moved: MovedRecords = field(default_factory=MovedRecords)
    states: int = 0
    """Case files whose state was told by a checkpoint."""
    news: bool = False
    reach: bool = field(default=False)
    """A prekey or a change of audience came: what waits may now be sealed for somebody."""

    @property
    def changed(self) -> Moved:
        """What moved, as (type, record, case file)."""
        return self.moved.all


class Reading:
    """Takes items one by one, each in its own transaction."""

    def __init__(self, engine: Engine) -> None:
        """Work for `engine`."""
        self._engine = engine
        self._orders = OrderBook(engine)
        self._states = StateReading(engine)
        self._answering = Answering(engine)
        self._readers: Mapping[ParcelKind, Callable[[Post, bytes, Tally], HeldError | None]] = {
            ParcelKind.ENVELOPE: self._envelope,
            ParcelKind.GRANT: self._grant,
            ParcelKind.ACK: self._ack,
            ParcelKind.PREKEY: self._prekey,
            ParcelKind.ASK: self._ask,
            ParcelKind.PURGE: self._purge,
        }

    def take(self, kind: ParcelKind, sealed: bytes, tally: Tally) -> bool:
        """Apply an item, or keep it with the reason why not; tells which. Twice is as once.

        What may be taken of an envelope waits for nothing else in it.
        """
        try:
            with self._engine.office.transaction() as post:
                lacking = self._readers[kind](post, sealed, tally)
                if lacking is None:
                    post.into.drop_parcel(sha256(sealed))
                else:
                    self._keep(post, kind, sealed, lacking)
            return lacking is None
        except ReadingError as error:
            with self._engine.office.transaction() as post:
                tally.news |= self._keep(post, kind, sealed, error)
            return False

    def read_again(self, tally: Tally) -> None:
        """Read everything held and quarantined until nothing more can be applied, and count what stays."""
        while tally.news:
            tally.news = False
            with self._engine.office.transaction() as post:
                waiting = post.into.waiting()
            for digest, _reason in waiting:
                with self._engine.office.transaction() as post:
                    parcel = post.into.parcel(digest)
                if parcel is not None and parcel.kind in self._readers:
                    self.take(parcel.kind, parcel.sealed, tally)

    def _keep(self, post: Post, kind: ParcelKind, sealed: bytes, error: ReadingError) -> bool:
        """Put an item aside; tells whether that may show what of a suspended device still counts."""
        state = ParcelState.HELD if isinstance(error, HeldError) else ParcelState.QUARANTINED
        device, place = _origin(kind, sealed)
        parcel = StoredParcel(
            sha256(sealed), kind, state, error.error_id, self._engine.now_ms(), sealed, device, place
        )
        known = post.into.parcel(parcel.digest)
        # Brought once more as what it is not, it stays what it was held as.
        if known is None or known.kind is kind or not isinstance(error, wire.WireError | WrongSizeError):
            post.into.put_parcel(parcel)
        return known is None and isinstance(error, SenderSuspendedError | LacksFollowingError)

    def _envelope(self, post: Post, sealed: bytes, tally: Tally) -> HeldError | None:
        envelope = read_header(sealed)
        header = envelope.header
        if header.device == self._engine.index:
            self._take_back(post, envelope, tally)
            return None
        if _is_applied_whole(post, envelope):
            return None
        roster = self._engine.roster
        vouched = is_vouched(post, envelope, roster)
        if header.kind:
            self._state(post, envelope, tally, vouched=vouched)
            return None
        held = post.keys.channel_key(header.device, header.channel, header.epoch)
        opened = open_envelope(envelope, None if held is None else held.key, roster, vouched=vouched)
        self._check_chain(post, envelope)
        judged = judge(self._engine, self._orders, post, opened)
        if judged.lacking is not None:
            self._take_some(post, envelope, opened, judged.changes, tally)
            return judged.lacking
        moved = self._merge(post, opened.changes, tally)
        _note_heard(post, opened.changes, moved)
        self._note_taken(post, envelope, opened, opened.changes, tally)
        tally.news |= vouched
        return None

    def _take_some(
        self,
        post: Post,
        envelope: Envelope,
        opened: OpenedEnvelope,
        changes: Sequence[Change],
        tally: Tally,
    ) -> None:
        """Take what of an envelope need not wait: it counts as read, and is kept for the rest."""
        new = not_here(post, changes)
        _note_heard(post, new, self._merge(post, new, tally))
        if new or (changes and not post.into.is_applied(envelope.hash)):
            self._note_read(post, envelope, opened, changes)

    def _note_taken(
        self,
        post: Post,
        envelope: Envelope,
        opened: OpenedEnvelope,
        taken: Sequence[Change],
        tally: Tally,
    ) -> None:
        self._note_read(post, envelope, opened, taken)
        tally.applied += 1

    def _note_read(
        self, post: Post, envelope: Envelope, opened: OpenedEnvelope, taken: Sequence[Change]
    ) -> None:
        kept = post.orders.admit(taken)
        post.into.put_received(_received(envelope, opened, kept, self._engine.now_ms()))
        for seen in opened.header.seen:
            if seen.stream.device != self._engine.index:
                stream = Stream(seen.stream.device, seen.stream.session, seen.stream.channel)
                post.into.witness(Place(stream, seen.n))

    def _state(self, post: Post, envelope: Envelope, tally: Tally, *, vouched: bool) -> None:
        """Take a part of a state: what is proven as ever, the rest on its sender's word."""
        part, opened = self._states.open(post, envelope, vouched=vouched)
        self._check_chain(post, envelope)
        sender = self._engine.roster.member_of_device(opened.header.device)
        if sender is None:
            raise WrongAuthorError
        if part.answer is not None:
            self._states.take_answer(post, part.answer, envelope)
        proven, told = self._states.sort(post, part, sender)
        moved = self._merge(post, told, tally, sender.id) | self._merge(post, proven, tally)
        _note_heard(post, part.changes, moved)
        counts = {change.digest for change in (*proven, *told)}
        taken = [change for change in part.changes if change.digest in counts]
        self._note_taken(post, envelope, opened, taken, tally)
        tally.states += len({change.case for change in part.changes if change.case is not None})
        tally.news = True

    def _take_back(self, post: Post, envelope: Envelope, tally: Tally) -> None:
        """Take what this device itself had sent before its disk was set back to an older copy."""
        header = envelope.header
        known = post.out.envelope(header.session, header.channel, header.n)
        if known is not None and known.digest != envelope.hash:
            raise WrongContentError(reason="chain")
        if known is not None:
            return
        if header.kind:
            opened = self._states.open(post, envelope, vouched=True)[1]
        else:
            held = post.keys.channel_key(header.device, header.channel, header.epoch)
            opened = open_envelope(envelope, None if held is None else held.key, self._engine.roster)
        mine = [change for change in opened.changes if change.dot.device == self._engine.device.id]
        for change in mine:
            check_content(change)
        self._merge(post, mine, tally)
        place = (header.session, header.channel, header.n, header.epoch)
        kept = post.orders.admit(opened.changes)
        data = envelope.data if kept == opened.changes else None
        recovered = SealedEnvelope(*place, envelope.hash, data, self._engine.now_ms())
        dots = (change.dot for change in kept)
        post.out.put_recovered(recovered, [dot for dot in dots if dot.device == self._engine.device.id])
        tally.applied += 1

    def _check_chain(self, post: Post, envelope: Envelope) -> None:
        """Refuse an envelope that contradicts what stands before or at its place."""
        header = envelope.header
        stream = _stream(header)
        at_place = post.into.digest_at(Place(stream, header.n))
        before = post.into.digest_at(Place(stream, header.n - 1)) if header.n > 1 else None
        if at_place not in (None, envelope.hash) or (before is not None and before != header.prev_hash):
            raise StreamForkError

    def _merge(
        self, post: Post, changes: Sequence[Change], tally: Tally, attester: int | None = None
    ) -> Moved:
        now = self._relay_now_ms(post)
        ahead = (change.dot for change in changes if hlc_ms(change.hlc) > now + HLC_MAX_LEAD_MS)
        post.into.mark_clock_wrong(ahead)
        moved = post.records.apply(changes, attester, now)
        tally.moved.add(moved)
        tally.news |= any(change.dot == change.record for change in changes)
        for case in _cases_altered(changes):
            post.records.requeue_case(case)
            tally.news = tally.reach = True
        if needs_review(changes) and self._orders.review(post):
            tally.news = tally.reach = True
        return moved

    def _grant(self, post: Post, sealed: bytes, tally: Tally) -> None:
        tally.news |= take_grant(self._engine, post, sealed)

    def _ack(self, post: Post, sealed: bytes, _tally: Tally) -> None:
        ack = read_ack(sealed)
        acker = verify_ack(ack, self._engine.roster)
        if ack.device != self._engine.index:
            raise WrongRecipientError
        own = post.out.envelope(ack.session, ack.channel, ack.n)
        if own is not None and own.digest != ack.head:
            raise WrongContentError(reason="ack_head")
        # One that is not known here went with an older disk: this one was set back, and hears of it so.
        post.out.put_ack(acker.index, ack.session, ack.channel, ack.n, hlc_ms(ack.hlc))
        self._state_acked(post, acker, ack)

    def _state_acked(self, post: Post, acker: Device, ack: Ack) -> None:
        """Count what was sent to a device before it was told the whole state as read with it."""
        stream = Stream(self._engine.index, ack.session, ack.channel)
        told_ms = post.asking.take_state_ack(acker.index, stream, ack.n)
        if told_ms is not None:
            for session, channel, n in post.out.streams_to(self._engine.index, acker.member, told_ms):
                post.out.put_ack(acker.index, session, channel, n, hlc_ms(ack.hlc))

    def _ask(self, post: Post, sealed: bytes, tally: Tally) -> None:
        tally.reach |= self._answering.take(post, sealed)

    def _purge(self, post: Post, sealed: bytes, tally: Tally) -> None:
        purge = read_purge(sealed)
        verify_purge(purge, self._engine.roster)
        for voided in purge.places:
            place = Place(Stream(purge.device, voided.session, purge.channel), voided.n)
            there = post.into.digest_at(place)
            if there not in (None, voided.digest):
                raise StreamForkError
            if there is None and purge.device != self._engine.index:
                now = self._engine.now_ms()
                post.into.put_received(ReceivedEnvelope(place, voided.digest, voided.prev, b"", now))
                tally.news = True
            elif there is not None:
                self._note_voided(post, purge.device, voided.digest)
                tally.reach = True
            post.into.drop_parcel(voided.digest)

    def _note_voided(self, post: Post, device: int, digest: bytes) -> None:
        """Note that what was read here by a stick reaches nobody else: it is to be asked whom it lacks."""
        names = post.asking.sent_in(device, (digest,))
        changes = [change for name in sorted(names) for change in post.asking.change(Dot.from_bytes(name))]
        homes = ((item, home) for item in changes for home in post.records.homes_of(item.record))
        post.asking.note_voided(digest)
        _note_heard(post, changes, frozenset((item.type, item.record, home) for item, home in homes))

    def _prekey(self, post: Post, sealed: bytes, tally: Tally) -> None:
        prekey = read_prekey(sealed)
        device = verify_prekey(prekey, self._engine.roster)
        if device.index == self._engine.index:
            return
        created = int(datetime.combine(prekey.created, time.min, UTC).timestamp()) * 1000
        # The clock of a disk that was lost may have run ahead: its prekey is not the newest for years.
        known = KnownPrekey(device.index, prekey.id, sealed, min(created, self._relay_now_ms(post)))
        if post.keys.put_prekey(known):
            tally.reach = True

    def _relay_now_ms(self, post: Post) -> int:
        """Give the relay's time as far as it is known: never before what one ever told, by a stick too."""
        return max(self._engine.relay_now_ms(), relay_time(post) or 0)


def _is_applied_whole(post: Post, envelope: Envelope) -> bool:
    """Tell whether an envelope was applied before, and is not kept for what of it waits."""
    if not post.into.is_applied(envelope.hash):
        return False
    rest = post.into.parcel(envelope.hash)
    return rest is None or rest.kind is not ParcelKind.ENVELOPE


def _note_heard(post: Post, changes: Sequence[Change], moved: Moved) -> None:
    """Note where others wrote: where it was made, where it belongs by now, and out of what it was taken."""
    homes = {case for _type, _record, case in moved if case is not None}
    moves = (change for change in changes if change.register == BELONGS)
    homes |= {case for change in moves for case in post.records.homes_before(change)}
    belongs = {item for home in homes for item in post.records.case_group(home)}
    post.asking.note_heard({*belongs, *(change.case for change in changes if change.case is not None)})


def _cases_altered(changes: Sequence[Change]) -> frozenset[Dot]:
    return frozenset(change.case for change in changes if change.case is not None and alters_audience(change))


def _stream(header: Header) -> Stream:
    return Stream(header.device, header.session, header.channel)


def _origin(kind: ParcelKind, sealed: bytes) -> tuple[int | None, Place | None]:
    """Give who sent an item and where it stands, as far as it can be read at all."""
    try:
        if kind is ParcelKind.ENVELOPE:
            header = read_header(sealed).header
            return header.device, Place(_stream(header), header.n)
        if kind is ParcelKind.GRANT:
            return read_grant(sealed).fields.sender, None
    except ReadingError:
        pass
    return None, None


def _received(
    envelope: Envelope, opened: OpenedEnvelope, kept: Collection[Change], at_ms: int
) -> ReceivedEnvelope:
    """Keep header, signature and each change's salt: they prove authorship when the ciphertext has gone."""
    header = envelope.header
    values = {change.dot: change.value for change in kept}
    leaves = [
        # The leaf instead of its salt, where an order took the change: nothing can be tried against it.
        [
            change.dot.to_bytes(),
            salt if values.get(change.dot) == change.value else sha256(salt + canonical_change(change)),
        ]
        for change, salt in zip(opened.changes, opened.salts, strict=True)
    ]
    proof = wire.encode([header_row(header), envelope.signature, leaves])
    return ReceivedEnvelope(Place(_stream(header), header.n), envelope.hash, header.prev_hash, proof, at_ms)
