"""One round's exchange: takes what a device brings, gives what is there for it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from sync.relay import acks, channels, deliveries, purges, sealed, streams, use
from sync.relay.channels import Channel
from sync.relay.database import Database
from sync.relay.districts import Standing, rosters_after
from sync.relay.metrics import Metrics
from sync.relay.sealed import RefusedItem
from sync.relay.settings import RelaySettings
from sync.relay.streams import Stream
from sync.rounds import exchange
from sync.rounds.exchange import Kind, RoundAnswer, RoundRequest, Status, StatusCode, item_digest

STORED = Status(StatusCode.STORED)
KNOWN = Status(StatusCode.KNOWN)
CONFLICT = Status(StatusCode.CONFLICT)


@dataclass(frozen=True)
class Desk:
    """What every exchange needs."""

    database: Database
    settings: RelaySettings
    metrics: Metrics


class Exchange:
    """One exchange of one device, inside one transaction."""

    def __init__(self, desk: Desk, connection: Connection, standing: Standing, device: int, now: int) -> None:
        """Serve the roster's device `device` at the moment `now`."""
        self._desk = desk
        self._connection = connection
        self._standing = standing
        self._district = standing.district
        self._device = device
        self._now = now

    def answer(self, request: RoundRequest) -> RoundAnswer:
        """Store, then read; raises the 410 problem before anything is stored."""
        deliveries.check_cursor(self._connection, self._district, self._device, request.cursor)
        statuses = self._store(request)
        budget = min(request.budget, self._desk.settings.answer_bytes)
        wanted, absent = self._wanted(request, budget)
        left = budget - sum(len(delivery.sealed) for delivery in wanted)
        page = self._page(request, left, begun=bool(wanted))
        runs = streams.own_runs(self._connection, self._district, self._device)
        return RoundAnswer(
            time=self._now,
            own_digest=exchange.runs_digest(runs),
            roster_version=self._standing.roster.version,
            cursor=page.cursor,
            more=page.more,
            statuses=statuses,
            rosters=self._rosters_after(request.roster_version),
            deliveries=wanted + page.deliveries,
            absent=absent,
            inventory=page.listed,
            own_runs=runs if request.own_inventory else (),
            own_items=use.stored_items(self._connection, self._district, self._device),
        )

    def _rosters_after(self, version: int) -> tuple[bytes, ...]:
        if version == self._standing.roster.version:
            return ()
        return rosters_after(self._connection, self._district, version)

    def _wanted(
        self, request: RoundRequest, budget: int
    ) -> tuple[tuple[exchange.Delivery, ...], tuple[bytes, ...]]:
        place = (self._connection, self._district, self._device)
        by_hash, absent = deliveries.read_wanted(*place, request.wanted, budget)
        left = budget - sum(len(delivery.sealed) for delivery in by_hash)
        by_place = deliveries.read_gaps(*place, request.gaps, left) if left > 0 or not by_hash else ()
        return by_hash + by_place, absent

    def _page(self, request: RoundRequest, budget: int, begun: bool) -> deliveries.Page:
        place = (self._connection, self._district, self._device, request.cursor)
        if request.inventory_only:
            return deliveries.inventory(*place)
        return deliveries.read(*place, budget, begun)

    def _store(self, request: RoundRequest) -> tuple[Status, ...]:
        """Grants first: an envelope that comes with its grant finds its recipients."""
        grants = list(self._each(Kind.GRANT, request.grants, self._put_grant))
        envelopes = list(self._each(Kind.ENVELOPE, request.envelopes, self._put_envelope))
        acked = list(self._each(Kind.ACK, request.acks, self._put_ack))
        prekeys = list(self._each(Kind.PREKEY, request.prekeys, self._put_prekey))
        asked = list(self._each(Kind.ASK, request.asks, self._put_ask))
        purged = list(self._each(Kind.PURGE, request.purges, self._put_purge))
        return tuple(envelopes + grants + acked + prekeys + asked + purged)

    def _each(self, kind: Kind, items: Sequence[bytes], put: Callable[[bytes], Status]) -> Iterator[Status]:
        for body in items:
            try:
                status = put(body)
            except RefusedItem as refused:
                status = Status(StatusCode.REFUSED, refused.reason)
            self._desk.metrics.item(kind, status)
            yield status

    def _put_envelope(self, body: bytes) -> Status:
        place = sealed.read_envelope(body, self._standing, self._device)
        session = place.session.to_bytes(8, "big")
        stream = Stream(self._district, self._device, session, place.channel)
        there = streams.digests_at(self._connection, stream, place.n)
        digest = item_digest(body)
        if digest in there[:1] and not purges.is_voided(self._connection, stream, place.n):
            # Bytes that were freed come back when their sender offers them again.
            acks.restore_item(self._connection, self._district, digest, body, self._now)
        if digest in there or len(there) > 1:
            return KNOWN if there[0] == digest else CONFLICT
        item_id = self._keep(Kind.ENVELOPE, body)
        streams.place(self._connection, stream, place.n, place.epoch, item_id)
        channel = Channel(self._district, self._device, place.channel, place.epoch)
        self._deliver((recipient, item_id) for recipient in channels.granted_to(self._connection, channel))
        if there:
            return CONFLICT
        streams.extend_runs(self._connection, stream, place.n, digest)
        return STORED

    def _put_grant(self, body: bytes) -> Status:
        grant = sealed.read_grant(body, self._standing, self._device)
        if self._is_known(body):
            return KNOWN
        item_id = self._keep(Kind.GRANT, body)
        channel = Channel(self._district, self._device, grant.channel, grant.epoch)
        expected = self._standing.devices_of(grant.audience) - {self._device}
        channels.put_grant(self._desk.database, self._connection, channel, grant.recipient, item_id, expected)
        earlier = channels.envelopes_held(self._connection, channel)
        voided = purges.purges_of(self._connection, channel)
        pairs = [(grant.recipient, one) for one in (*earlier, *voided)]
        known = deliveries.not_delivered(self._connection, self._district, pairs) if pairs else []
        self._deliver([(grant.recipient, item_id), *known])
        return STORED

    def _put_ack(self, body: bytes) -> Status:
        ack = sealed.read_ack(body, self._standing, self._device)
        stream = Stream(self._district, ack.device, ack.session.to_bytes(8, "big"), ack.channel)
        before = acks.acked_by(self._connection, stream, self._device)
        if self._is_known(body) or (before and before[0] >= ack.n):
            return KNOWN
        item_id = self._keep(Kind.ACK, body)
        self._deliver([(ack.device, item_id)])
        if before:
            acks.free_item(self._connection, before[1])
        acks.put_ack(self._desk.database, self._connection, stream, self._device, ack.n, item_id)
        if ack.head in streams.digests_at(self._connection, stream, ack.n)[:1]:
            free_at = self._now + self._desk.settings.grace_ms
            acks.free_read(self._connection, stream, self._standing.readers(), free_at)
        return STORED

    def _put_prekey(self, body: bytes) -> Status:
        sealed.check_prekey(body, self._standing, self._device)
        if self._is_known(body):
            return KNOWN
        before = channels.newest_prekey(self._connection, self._district, self._device)
        if before is not None:
            acks.free_item(self._connection, before)
        item_id = self._keep(Kind.PREKEY, body)
        channels.put_prekey(self._desk.database, self._connection, self._district, self._device, item_id)
        self._deliver((device, item_id) for device in self._standing.addressees() if device != self._device)
        return STORED

    def _put_ask(self, body: bytes) -> Status:
        """Keep a device's newest ask only: it names all that it still lacks."""
        ask = sealed.read_ask(body, self._standing, self._device)
        if self._is_known(body):
            return KNOWN
        acks.free_asks(self._connection, self._district, self._device)
        item_id = self._keep(Kind.ASK, body)
        asked = frozenset(self._standing.addressees()) & frozenset(ask.asked) - {self._device}
        self._deliver((device, item_id) for device in sorted(asked))
        return STORED

    def _put_purge(self, body: bytes) -> Status:
        """Drop the bytes at the named places and tell whoever may have read them, or would have."""
        purge = sealed.read_purge(body, self._standing, self._device)
        if self._is_known(body):
            return KNOWN
        item_id = self._keep(Kind.PURGE, body)
        channel = Channel(self._district, self._device, purge.channel, purge.epoch)
        for place in purge.places:
            session = place.session.to_bytes(8, "big")
            stream = Stream(self._district, self._device, session, purge.channel)
            purges.void(self._connection, stream, purge.epoch, place, self._now)
        purges.put_purge(self._connection, channel, item_id)
        self._deliver((recipient, item_id) for recipient in channels.granted_to(self._connection, channel))
        return STORED

    def _is_known(self, body: bytes) -> bool:
        return deliveries.find_item(self._connection, self._district, item_digest(body)) is not None

    def _keep(self, kind: Kind, body: bytes) -> int:
        """Store an item; refused when the device's bytes of today are used up."""
        limit = self._desk.settings.bytes_per_day
        if not use.take_bytes(self._connection, self._district, self._device, len(body), limit):
            raise RefusedItem("quota")
        return deliveries.store_item(self._connection, self._district, self._device, kind, body, self._now)

    def _deliver(self, pairs: Iterable[tuple[int, int]]) -> None:
        deliveries.deliver(self._connection, self._district, pairs)
