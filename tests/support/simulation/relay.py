"""A model of the relay, some hundred times as fast; every 20th history has the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sync.carriers.http import RelayCursorUnknownError, RelayRefusedError
from sync.district.roster_chain import verify_chain
from sync.envelope import read_header
from sync.errors import ReadingError
from sync.relay import districts
from sync.roster import DeviceState, Roster, decode_roster
from sync.rounds.exchange import (
    MAX_LISTED,
    Cursor,
    Delivery,
    Gap,
    Kind,
    Listed,
    RoundAnswer,
    RoundRequest,
    Run,
    Status,
    StatusCode,
    item_digest,
    runs_digest,
)
from sync.signed.ack import read_ack
from sync.signed.ask import read_ask
from sync.signed.grant import read_grant
from sync.signed.purge import read_purge
from tests.support.simulation.relay_state import GRACE_MS, Item, State

_STORED, _KNOWN, _CONFLICT = map(Status, (StatusCode.STORED, StatusCode.KNOWN, StatusCode.CONFLICT))


def check_named(roster: Roster, device: int, lowest: DeviceState = DeviceState.SUSPENDED) -> None:
    """Raise RelayRefusedError as the real relay does for who is not named, or is put out."""
    known = roster.device(device)
    if known is None:
        raise RelayRefusedError(reason="unknown_device", status=401)
    if known.state > lowest:
        raise RelayRefusedError(reason="not_active", status=403)


class ModelRelay:
    """The mailbox that `sync.relay` is, without its database and its checks of signatures."""

    def __init__(self, now: Callable[[], int]) -> None:
        """Begin without a district; `now` gives milliseconds since 1970."""
        self._now = now
        self._state = State()
        self._copy: State | None = None
        self._roster: Roster | None = None
        self._lives = 0

    def adopt(self, other: ModelRelay) -> None:
        """Hold what another one holds."""
        self._state = other._state.copied()
        self._roster = other._roster

    def prekey_of(self, device: int) -> bytes | None:
        """Give a device's published prekey."""
        digest = self._state.prekeys.get(device)
        return None if digest is None else self._state.items[digest].body

    def keep_copy(self) -> None:
        """Remember the state of now."""
        self._copy = self._state.copied()

    def set_back(self) -> None:
        """Go back to the copy, if there is one."""
        if self._copy is not None:
            self._lives += 1
            self._state = self._copy.copied()
            rosters = self._state.rosters
            self._roster = decode_roster(rosters[-1]) if rosters else None

    def empty(self) -> None:
        """Lose everything."""
        self._lives += 1
        self._state = State()
        self._roster = None

    def close(self) -> None:
        """Nothing to let go of."""

    def get_roster(self) -> tuple[bytes, ...]:
        """Give all rosters."""
        return tuple(self._state.rosters)

    def put_rosters(self, device: int, sealed: Sequence[bytes]) -> None:
        """Store what a device brings of the chain; raises RelayRefusedError."""
        offered, state = tuple(map(decode_roster, sealed)), self._state
        check_named(districts.newest(self._roster, offered), device)
        if self._roster is None and offered[0].version != 1:
            raise RelayRefusedError(reason="unknown_district", status=404)
        try:
            newest = verify_chain(self._roster, offered)
        except ReadingError as error:
            raise RelayRefusedError(reason="roster_conflict", status=409) from error
        if newest is None or newest.version > offered[-1].version:
            raise RelayRefusedError(reason="roster_conflict", status=409)
        before = {item.index for item in self._roster.devices} if self._roster else set()
        state.rosters[offered[0].version - 1 :] = sealed
        self._roster = newest
        for item in offered[-1].devices:
            if item.index not in before:
                self._deliver((item.index, digest) for _, digest in sorted(state.prekeys.items()))

    def answer(self, device: int, request: RoundRequest) -> RoundAnswer:
        """Make one exchange."""
        roster = self._standing(device)
        self._free_due()
        self._check_cursor(device, request.cursor)
        statuses = self._store(device, request, roster)
        wanted, absent = self._wanted(device, request)
        left = request.budget - sum(len(item.sealed) for item in wanted)
        cursor, more, deliveries, listed = self._page(device, request, left, bool(wanted))
        runs = self._runs(device)
        return RoundAnswer(
            time=self._now(),
            own_digest=runs_digest(runs),
            roster_version=roster.version,
            cursor=cursor,
            more=more,
            statuses=statuses,
            rosters=tuple(self._state.rosters[request.roster_version :]),
            deliveries=(*wanted, *deliveries),
            absent=absent,
            inventory=listed,
            own_runs=runs if request.own_inventory else (),
            own_items=self._state.taken.get(device, 0),
        )

    def _standing(self, device: int) -> Roster:
        if self._roster is None:
            raise RelayRefusedError(reason="unknown_district", status=404)
        check_named(self._roster, device, DeviceState.ACTIVE)
        return self._roster

    def _check_cursor(self, device: int, cursor: Cursor | None) -> None:
        if cursor and self._state.cursors.get((device, cursor.number)) != cursor.digest:
            raise RelayCursorUnknownError

    def _store(self, device: int, request: RoundRequest, roster: Roster) -> tuple[Status, ...]:
        grants = [self._put_grant(device, body, roster) for body in request.grants]
        envelopes = [self._put_envelope(device, body) for body in request.envelopes]
        acks = [self._put_ack(device, body, roster) for body in request.acks]
        prekeys = [self._put_prekey(device, body, roster) for body in request.prekeys]
        asks = [self._put_ask(device, body, roster) for body in request.asks]
        purges = [self._put_purge(device, body) for body in request.purges]
        return (*envelopes, *grants, *acks, *prekeys, *asks, *purges)

    def _put_grant(self, device: int, body: bytes, roster: Roster) -> Status:
        fields = read_grant(body).fields
        if item_digest(body) in self._state.items:
            return _KNOWN
        digest = self._keep(device, Kind.GRANT, body)
        epoch = (device, fields.channel, fields.epoch)
        granted = self._state.granted.setdefault(epoch, {})
        for item in roster.devices_of_all(fields.audience):
            if item.index != device:
                granted.setdefault(item.index, False)
        granted[fields.recipient] = True
        earlier = [
            one for one in self._state.epochs.get(epoch, ()) if self._state.items[one].body is not None
        ]
        held = [one for one in self._state.purges.get(epoch, ()) if self._state.items[one].body is not None]
        self._deliver((fields.recipient, one) for one in (digest, *earlier, *held))
        return _STORED

    def _put_envelope(self, device: int, body: bytes) -> Status:
        header = read_header(body).header
        place = (device, header.session, header.channel, header.n)
        there = self._state.places.setdefault(place, [])
        digest = item_digest(body)
        if digest in there[:1] and place not in self._state.voided:
            self._bring_back(digest, body)
        if digest in there or len(there) > 1:
            return _KNOWN if there[0] == digest else _CONFLICT
        self._keep(device, Kind.ENVELOPE, body)
        there.append(digest)
        epoch = (device, header.channel, header.epoch)
        self._state.epochs.setdefault(epoch, []).append(digest)
        granted = self._state.granted.get(epoch, {})
        self._deliver((item, digest) for item in sorted(granted) if granted[item])
        return _CONFLICT if len(there) > 1 else _STORED

    def _put_ack(self, device: int, body: bytes, roster: Roster) -> Status:
        ack = read_ack(body)
        stream = (ack.device, ack.session, ack.channel)
        acked = self._state.acked.setdefault(stream, {})
        before = acked.get(device)
        if item_digest(body) in self._state.items or (before and before[0] >= ack.n):
            return _KNOWN
        digest = self._keep(device, Kind.ACK, body)
        self._deliver([(ack.device, digest)])
        if before:
            self._state.items[before[1]].body = None
        acked[device] = (ack.n, digest)
        if self._state.places.get((*stream, ack.n), [b""])[0] == ack.head:
            self._free_read(stream, roster)
        return _STORED

    def _free_read(self, stream: tuple[int, int, bytes], roster: Roster) -> None:
        active = {item.index for item in roster.devices if item.state is DeviceState.ACTIVE} - {stream[0]}
        acked = self._state.acked[stream]
        for (device, channel, epoch), digests in self._state.epochs.items():
            if (device, channel) == (stream[0], stream[2]):
                readers = self._state.granted.get((device, channel, epoch), {}).keys() & active
                read = min((acked.get(reader, (-1, b""))[0] for reader in readers), default=-1)
                self._free_up_to(stream, read, frozenset(digests))

    def _free_up_to(self, stream: tuple[int, int, bytes], n: int, digests: frozenset[bytes]) -> None:
        for number in range(1, n + 1):
            there = self._state.places.get((*stream, number), [])
            if len(there) == 1 and there[0] in digests and self._state.items[there[0]].free_at is None:
                self._state.items[there[0]].free_at = self._now() + GRACE_MS

    def _put_prekey(self, device: int, body: bytes, roster: Roster) -> Status:
        if item_digest(body) in self._state.items:
            return _KNOWN
        before = self._state.prekeys.get(device)
        if before is not None:
            self._state.items[before].body = None
        digest = self._state.prekeys[device] = self._keep(device, Kind.PREKEY, body)
        self._deliver((item.index, digest) for item in roster.devices if item.index != device)
        return _STORED

    def _put_ask(self, device: int, body: bytes, roster: Roster) -> Status:
        if item_digest(body) in self._state.items:
            return _KNOWN
        before = self._state.asks.get(device)
        if before is not None:
            self._state.items[before].body = None
        digest = self._state.asks[device] = self._keep(device, Kind.ASK, body)
        asked = {item.index for item in roster.devices if item.state is not DeviceState.REVOKED}
        self._deliver((item, digest) for item in sorted(asked & set(read_ask(body).asked) - {device}))
        return _STORED

    def _put_purge(self, device: int, body: bytes) -> Status:
        purge = read_purge(body)
        if item_digest(body) in self._state.items:
            return _KNOWN
        digest = self._keep(device, Kind.PURGE, body)
        epoch = (device, purge.channel, purge.epoch)
        for named in purge.places:
            place = (device, named.session, purge.channel, named.n)
            there = self._state.places.setdefault(place, [])
            if not there:
                there.append(named.digest)
                self._state.items[named.digest] = Item(Kind.ENVELOPE, 0, None, self._now())
            for one in there:
                self._state.items[one].body = None
            self._state.voided.add(place)
        self._state.purges.setdefault(epoch, []).append(digest)
        granted = self._state.granted.get(epoch, {})
        self._deliver((item, digest) for item in sorted(granted) if granted[item])
        return _STORED

    def _bring_back(self, digest: bytes, body: bytes) -> None:
        """Bytes that were freed come back when their sender offers them again."""
        if self._state.items[digest].body is None:
            self._state.items[digest] = Item(Kind.ENVELOPE, len(body), body, self._now())

    def _keep(self, sender: int, kind: Kind, body: bytes) -> bytes:
        digest = item_digest(body)
        self._state.items[digest] = Item(kind, len(body), body, self._now())
        self._state.taken[sender] = self._state.taken.get(sender, 0) + 1
        return digest

    def _deliver(self, pairs: Iterable[tuple[int, bytes]]) -> None:
        for recipient, digest in pairs:
            if (recipient, digest) not in self._state.known:
                self._state.known.add((recipient, digest))
                self._state.number += 1
                self._state.delivered.setdefault(recipient, {})[self._state.number] = digest
                mark = item_digest(self._lives.to_bytes(8, "big") + digest)
                self._state.cursors[recipient, self._state.number] = mark

    def _free_due(self) -> None:
        now = self._now()
        if now < self._state.due_at:
            return
        held = [item for item in self._state.items.values() if item.body is not None]
        for item in held:
            if item.due_at <= now:
                item.body = None
        # Whatever comes or is read later is kept for that long.
        known = (item.due_at for item in held if item.body is not None)
        self._state.due_at = min((now + GRACE_MS, *known))

    def _wanted(self, device: int, request: RoundRequest) -> tuple[list[Delivery], tuple[bytes, ...]]:
        mine = self._state.delivered.get(device, {})
        numbers = {digest: number for number, digest in mine.items()}
        held = [
            digest
            for digest in dict.fromkeys(request.wanted)
            if digest in numbers and self._state.items[digest].body is not None
        ]
        absent = tuple(digest for digest in request.wanted if digest not in set(held))
        found = [self._delivery(numbers[digest], digest) for digest in held]
        for gap in request.gaps:
            found += self._at_places(device, gap, numbers)
        return found, absent

    def _at_places(self, device: int, gap: Gap, numbers: dict[bytes, int]) -> list[Delivery]:
        found = []
        last = min(gap.last, gap.first + 255)
        for n in range(gap.first, last + 1):
            for digest in self._state.places.get((gap.device, gap.session, gap.channel, n), ()):
                mine = gap.device == device or digest in numbers
                if mine and self._state.items[digest].body is not None:
                    found.append(self._delivery(numbers.get(digest, 0), digest))
        return found

    def _delivery(self, number: int, digest: bytes) -> Delivery:
        item = self._state.items[digest]
        return Delivery(number, item.kind, item.body or b"")

    def _page(
        self, device: int, request: RoundRequest, budget: int, begun: bool
    ) -> tuple[Cursor | None, bool, tuple[Delivery, ...], tuple[Listed, ...]]:
        cursor = request.cursor
        found: list[Delivery] = []
        listed: list[Listed] = []
        spent = 0
        for number, digest in self._behind(device, cursor):
            item = self._state.items[digest]
            if item.body is not None and request.inventory_only:
                if len(listed) == MAX_LISTED:
                    return cursor, True, (), tuple(listed)
                listed.append(Listed(number, item.kind, digest, item.size))
            elif item.body is not None:
                if (found or begun) and spent + item.size > budget:
                    return cursor, True, tuple(found), ()
                spent += item.size
                found.append(Delivery(number, item.kind, item.body))
            cursor = Cursor(number, self._state.cursors[device, number])
        return cursor, False, tuple(found), tuple(listed)

    def _behind(self, device: int, cursor: Cursor | None) -> Sequence[tuple[int, bytes]]:
        mine = self._state.delivered.get(device, {})
        return [(number, digest) for number, digest in mine.items() if not cursor or number > cursor.number]

    def _runs(self, device: int) -> tuple[Run, ...]:
        streams: dict[tuple[int, bytes], list[int]] = {}
        for sender, session, channel, n in self._state.places:
            if sender == device:
                streams.setdefault((session, channel), []).append(n)
        runs = []
        for (session, channel), numbers in streams.items():
            for first, last in _stretches(sorted(numbers)):
                head = self._state.places[(device, session, channel, last)][0]
                runs.append(Run(session, channel, first, last, head))
        return tuple(sorted(runs, key=lambda run: (run.session, run.channel, run.first)))


def _stretches(numbers: Sequence[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for n in numbers:
        if found and found[-1][1] == n - 1:
            found[-1] = (found[-1][0], n)
        else:
            found.append((n, n))
    return found
