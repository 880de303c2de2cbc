"""The way in: what came from other devices, what of it is held or quarantined, and what is missing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import groupby, pairwise
from typing import Any

from app.domain.dots import Dot
from app.domain.errors import ABOUT_OTHERS
from app.services.mailbox import (
    DueAck,
    ParcelKind,
    ParcelState,
    Place,
    ReceivedEnvelope,
    StoredParcel,
    Stream,
    StreamGap,
)
from app.storage.change_log import ChangeLog
from app.storage.connection import UP_TO, Connection
from app.storage.kept import Part

_STREAM = "device = ? AND session = ? AND channel = ?"
_PARCEL = "digest, kind, state, reason, at_ms, sealed, device, session, channel, n"
_ASSIGNING = (
    "SELECT type, register, value FROM change WHERE case_file = ?"
    " AND register IN ('handover', 'responsible', 'stand_in', 'supervision') AND"
    " (type = 'StandIn' AND register = 'stand_in' OR type = 'Handover' AND register = 'handover'"
    " OR type = 'CaseFile' AND register IN ('responsible', 'supervision'))"
)
_UNKNOWN_BEFORE = (
    "SELECT device, session, channel, EXISTS (SELECT 1 FROM told_through AS told"
    " WHERE told.device = first.device AND told.channel = first.channel)"
    " FROM received AS first WHERE n = 1 AND length(prev) > 0"
    " AND NOT EXISTS (SELECT 1 FROM received WHERE received.digest = first.prev)"
    " AND NOT EXISTS (SELECT 1 FROM parcel WHERE parcel.digest = first.prev)"
    " AND NOT EXISTS (SELECT 1 FROM told_through AS told WHERE told.device = first.device"
    " AND told.session = first.session AND told.channel = first.channel)"
    " ORDER BY device, channel, at_ms, session"
)
_READ_WHOLE = (
    "SELECT session, channel, whole FROM (SELECT device, session, channel, min(read_stream.n, coalesce("
    "(SELECT min(parcel.n) - 1 FROM parcel WHERE parcel.device = read_stream.device"
    " AND parcel.session = read_stream.session AND parcel.channel = read_stream.channel"
    " AND state = ?), read_stream.n)) AS whole"
    " FROM read_stream WHERE device = ?) WHERE whole > 0"
    " ORDER BY session, channel"
)
TELL_THROUGH = (
    "INSERT INTO told_through VALUES (?, ?, ?, ?) ON CONFLICT (device, session, channel)"
    " DO UPDATE SET n = max(n, excluded.n)"
)
"""Notes that what stands in a stream up to a place need not come."""
_NO_HASH = b""
_NAMED = Part.COMING | Part.KEYS
"""What is missing follows from what came, and from whose keys there are."""


class SqlMailboxIn:
    """Reads and writes what comes to this device; the caller holds the transaction."""

    def __init__(self, connection: Connection, log: ChangeLog) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._log = log
        self._keys = log.keys

    def is_applied(self, digest: bytes) -> bool:
        """Tell whether exactly this envelope was applied before."""
        return (
            self._connection.execute("SELECT 1 FROM received WHERE digest = ?", (digest,)).fetchone()
            is not None
        )

    def digest_at(self, place: Place) -> bytes | None:
        """Give the hash of the envelope that was applied at a place."""
        row = self._connection.execute(
            f"SELECT digest FROM received WHERE {_STREAM} AND n = +?",
            (*_row(place.stream), place.n),
        ).fetchone()
        return None if row is None else bytes(row[0])

    def put_received(self, envelope: ReceivedEnvelope) -> None:
        """Note an applied envelope and how far its stream is now read without a hole.

        Of one that is noted already more was applied: that has more to prove.
        """
        stream = _row(envelope.place.stream)
        row = (*stream, envelope.place.n, envelope.digest, envelope.prev, envelope.proof, envelope.at_ms)
        self._write(
            "INSERT INTO received VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET proof = excluded.proof",
            row,
        )
        self._come(stream, envelope.at_ms)

    def due_acks(self) -> tuple[DueAck, ...]:
        """Give the streams that were read further than was signed for."""
        return self._log.kept.of(Part.COMING, ("due_acks",), self._due_acks)

    def _due_acks(self) -> tuple[DueAck, ...]:
        rows = self._connection.execute(
            "SELECT device, session, channel, n, head FROM read_stream WHERE n > acked ORDER BY changed_ms"
        )
        return tuple(DueAck(_stream(row), row[3], bytes(row[4])) for row in rows)

    def note_acked(self, ack: DueAck) -> None:
        """Note that the relay took an ack."""
        self._write(
            f"UPDATE read_stream SET acked = max(acked, ?) WHERE {_STREAM}",
            (ack.n, *_row(ack.stream)),
        )

    def ack_all_again(self) -> None:
        """Sign for everything once more: the relay lost what it knew."""
        self._write("UPDATE read_stream SET acked = 0", ())

    def moved_heads(self, since_ms: int, limit: int) -> tuple[DueAck, ...]:
        """Give the heads of streams read on since a moment, the newest first."""
        rows = self._connection.execute(
            "SELECT device, session, channel, n, head FROM read_stream WHERE changed_ms >= ? AND n > 0"
            f" ORDER BY changed_ms DESC, head {UP_TO}",
            (since_ms, limit),
        )
        return tuple(DueAck(_stream(row), row[3], bytes(row[4])) for row in rows)

    def witness(self, place: Place) -> None:
        """Note that somebody has read a stream up to a place."""
        self._write(
            "INSERT INTO witnessed VALUES (?, ?, ?, ?) ON CONFLICT (device, session, channel)"
            " DO UPDATE SET n = excluded.n WHERE excluded.n > n",
            (*_row(place.stream), place.n),
        )

    def gaps(self) -> tuple[StreamGap, ...]:
        """Give the places that have not come though somebody says they exist.

        A gap from 0 to 0 stands for the unknown end of a stream's session before.
        """
        return self._log.kept.of(_NAMED, ("gaps",), self._gaps)

    def _gaps(self) -> tuple[StreamGap, ...]:
        found: list[StreamGap] = []
        for stream, places in self._places().items():
            through = max(self._through(_row(stream)), self._told_through(_row(stream)))
            known = [through, *sorted(n for n in places if n > through)]
            found.extend(
                StreamGap(stream, before + 1, after - 1)
                for before, after in pairwise(known)
                if after > before + 1
            )
            reach = self._reach(stream)
            if reach > known[-1]:
                found.append(StreamGap(stream, known[-1] + 1, reach))
        return (*found, *self._unknown_before())

    def parcels(self) -> tuple[StoredParcel, ...]:
        """Give everything held or quarantined, oldest first."""
        rows = self._connection.execute(f"SELECT {_PARCEL} FROM parcel ORDER BY at_ms, digest")
        return tuple(_parcel(row) for row in rows)

    def waiting(self, state: ParcelState | None = None) -> tuple[tuple[bytes, str], ...]:
        """Give hash and reason of everything held or quarantined (or of one of both), oldest first."""
        return self._log.kept.of(Part.COMING, ("waiting", state), lambda: self._waiting(state))

    def _waiting(self, state: ParcelState | None) -> tuple[tuple[bytes, str], ...]:
        sql = "SELECT digest, reason FROM parcel WHERE ?1 IS NULL OR state = ?1 ORDER BY at_ms, digest"
        return tuple((bytes(digest), reason) for digest, reason in self._connection.execute(sql, (state,)))

    def read_streams(self, device: int) -> tuple[tuple[int, bytes, int], ...]:
        """Give the streams of a device that were read, with how far: session, channel, n.

        What is kept unread, though it counts as having come, is not among it.
        """
        rows = self._connection.execute(_READ_WHOLE, (ParcelState.HELD, device))
        return tuple((int.from_bytes(session, "big"), bytes(channel), n) for session, channel, n in rows)

    def parcel(self, digest: bytes) -> StoredParcel | None:
        """Give one held or quarantined item by its hash."""
        rows = self._connection.execute(f"SELECT {_PARCEL} FROM parcel WHERE digest = ?", (digest,))
        return next((_parcel(row) for row in rows), None)

    def links(self, device: int, channel: bytes) -> dict[bytes, bytes]:
        """Give for each applied envelope of a device's channel the hash of the one before it."""
        rows = self._connection.execute(
            "SELECT digest, prev FROM received WHERE device = ? AND channel = ?", (device, channel)
        )
        return {bytes(digest): bytes(prev) for digest, prev in rows}

    def heads_of(self, device: int) -> tuple[ReceivedEnvelope, ...]:
        """Give the applied envelopes of a device that no other applied one of their channel follows."""
        rows = self._connection.execute(
            "SELECT device, session, channel, n, digest, prev, proof, at_ms FROM received AS head"
            " WHERE device = ? AND digest NOT IN (SELECT prev FROM received WHERE device = head.device)"
            " ORDER BY channel, session, n",
            (device,),
        )
        return tuple(
            ReceivedEnvelope(Place(_stream(row), row[3]), bytes(row[4]), bytes(row[5]), bytes(row[6]), row[7])
            for row in rows
        )

    def last_heard(self) -> dict[int, int]:
        """Give for each device when something of it was last applied here."""
        rows = self._connection.execute("SELECT device, max(at_ms) FROM received GROUP BY device")
        return dict(rows.fetchall())

    def case_files(self) -> Iterator[Dot]:
        """Go through the case files that are known here."""
        rows = self._connection.execute("SELECT id FROM record WHERE type = 'CaseFile'").fetchall()
        return (self._keys.dot(row[0]) for row in rows)

    def cases_written_on(self, device: int) -> Iterator[Dot]:
        """Go through the case files in which a device (by the number in its dots) wrote."""
        rows = self._connection.execute(
            "SELECT DISTINCT case_file FROM change WHERE case_file IS NOT NULL"
            " AND dot >> 32 IN (SELECT id FROM source WHERE device = ?)",
            (device.to_bytes(8, "big"),),
        ).fetchall()
        return (self._keys.dot(row[0]) for row in rows)

    def parcels_of(self, device: int) -> tuple[StoredParcel, ...]:
        """Give what is held or quarantined of one sender's envelopes."""
        rows = self._connection.execute(
            f"SELECT {_PARCEL} FROM parcel WHERE device = ? AND n IS NOT NULL", (device,)
        )
        return tuple(_parcel(row) for row in rows)

    def put_parcel(self, parcel: StoredParcel) -> None:
        """Keep an item that cannot be applied; its first moment stays when it is read again."""
        place: tuple[object, ...] = (parcel.device, None, None, None)
        if parcel.place is not None:
            place = (*_row(parcel.place.stream), parcel.place.n)
        head = (parcel.digest, parcel.kind, parcel.state, parcel.reason)
        self._write(
            "INSERT INTO parcel VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO UPDATE SET"
            " kind = excluded.kind, state = excluded.state, reason = excluded.reason,"
            " device = excluded.device, session = excluded.session,"
            " channel = excluded.channel, n = excluded.n",
            (*head, *place, parcel.at_ms, parcel.sealed),
        )
        if parcel.place is not None and parcel.reason == ABOUT_OTHERS:
            self._come(_row(parcel.place.stream), parcel.at_ms)

    def drop_parcel(self, digest: bytes) -> None:
        """Forget a parcel that was applied."""
        self._write("DELETE FROM parcel WHERE digest = ?", (digest,))

    def assignments(self, case: Dot) -> tuple[tuple[str, str, bytes], ...]:
        """Give all that was ever written about who works in a case file: type, register, value."""

        def find() -> tuple[tuple[str, str, bytes], ...]:
            rows = self._connection.execute(_ASSIGNING, (self._keys.known_key(case),)).fetchall()
            return tuple((kind, register, bytes(value)) for kind, register, value in rows)

        return self._log.kept.once(("assignments", case), find)

    def creation(self, record: Dot) -> tuple[str, Dot | None] | None:
        """Give type and case file of the change that made a record, or None while it has not come."""
        key = self._keys.known_key(record)
        row = self._connection.execute(
            "SELECT type, case_file FROM change WHERE dot = ? AND record = dot AND twin = 0", (key,)
        ).fetchone()
        return None if row is None else (row[0], None if row[1] is None else self._keys.dot(row[1]))

    def was_made_as(self, record: Dot, kind: str, case: Dot | None) -> bool:
        """Tell whether a record was made with this type in this case file; a copied device may say both."""
        key, file = self._keys.known_key(record), None if case is None else self._keys.known_key(case)
        found = self._connection.execute(
            "SELECT 1 FROM change WHERE dot = ? AND record = dot AND type = ? AND case_file IS ?",
            (key, kind, file),
        )
        return (case is None or file is not None) and found.fetchone() is not None

    def mark_clock_wrong(self, dots: Iterable[Dot]) -> None:
        """Note changes that claim to be of the day after tomorrow."""
        keys = ((self._keys.key(dot),) for dot in dots)
        self._connection.executemany("INSERT OR IGNORE INTO clock_wrong VALUES (?)", keys)

    def clock_wrong(self) -> frozenset[Dot]:
        """Give the changes whose clock was wrong when they came."""
        rows = self._connection.execute("SELECT dot FROM clock_wrong").fetchall()
        return frozenset(self._keys.dot(row[0]) for row in rows)

    def _places(self) -> dict[Stream, set[int]]:
        holed = (
            "SELECT device, session, channel, n FROM received WHERE (device, session, channel) IN"
            " (SELECT device, session, channel FROM received JOIN read_stream AS reached"
            " USING (device, session, channel) WHERE received.n > reached.n)"
            " UNION SELECT device, session, channel, n FROM parcel WHERE n IS NOT NULL"
            " UNION SELECT device, session, channel, coalesce(reached.n, 0) FROM witnessed"
            " LEFT JOIN read_stream AS reached USING (device, session, channel)"
            " WHERE witnessed.n > coalesce(reached.n, 0) AND (device, channel) IN"
            " (SELECT device, channel FROM channel_key)"
        )
        found: dict[Stream, set[int]] = {}
        for row in self._connection.execute(holed).fetchall():
            found.setdefault(_stream(row), set()).add(row[3])
        return found

    def _reach(self, stream: Stream) -> int:
        sql = f"SELECT n FROM witnessed WHERE {_STREAM}"
        row = self._connection.execute(sql, _row(stream)).fetchone()
        return 0 if row is None else int(row[0])

    def _unknown_before(self) -> Iterator[StreamGap]:
        rows = self._connection.execute(_UNKNOWN_BEFORE).fetchall()
        for _channel, streams in groupby(rows, lambda row: (row[0], row[2])):
            first, *others = streams
            # What was told instead of coming had one end, and one stream may follow that; no more.
            for row in others if first[3] else (first, *others):
                yield StreamGap(_stream(row), 0, 0)

    def _through(self, stream: tuple[int, bytes, bytes]) -> int:
        sql = f"SELECT n FROM read_stream WHERE {_STREAM}"
        row = self._connection.execute(sql, stream).fetchone()
        return 0 if row is None else int(row[0])

    def tell_through(self, stream: Stream, n: int, at_ms: int) -> None:
        """Note that envelopes of a stream (OWN: of this device) up to `n` need not come any more."""
        self._write(TELL_THROUGH, (*_row(stream), n))
        self._log.kept.note(Part.LEAVING)
        self._read_on(_row(stream), at_ms)

    def is_told(self, place: Place) -> bool:
        """Tell whether what stands at a place need not come: its sender has told everything since."""
        return place.n <= self._told_through(_row(place.stream))

    def _told_through(self, stream: tuple[int, bytes, bytes]) -> int:
        sql = f"SELECT n FROM told_through WHERE {_STREAM}"
        row = self._connection.execute(sql, stream).fetchone()
        return 0 if row is None else int(row[0])

    def _come(self, stream: tuple[int, bytes, bytes], at_ms: int) -> None:
        """Note how far a stream is whole by now."""
        row = (*stream, _NO_HASH, at_ms)
        self._write("INSERT OR IGNORE INTO read_stream VALUES (?, ?, ?, 0, ?, 0, ?)", row)
        self._read_on(stream, at_ms)

    def _read_on(self, stream: tuple[int, bytes, bytes], at_ms: int) -> None:
        through = max(self._through(stream), self._told_through(stream))
        rows = self._connection.execute(
            f"SELECT n, digest FROM received WHERE {_STREAM} AND n > ?"
            f" UNION SELECT n, digest FROM parcel WHERE {_STREAM} AND n > ? AND reason = ? ORDER BY n",
            (*stream, through, *stream, through, ABOUT_OTHERS),
        )
        head: bytes | None = None
        for n, digest in rows:
            if n != through + 1:
                break
            through, head = n, bytes(digest)
        if head is not None:
            self._write(
                f"UPDATE read_stream SET n = ?, head = ?, changed_ms = ? WHERE {_STREAM}",
                (through, head, at_ms, *stream),
            )

    def _write(self, sql: str, row: tuple[Hashable, ...]) -> None:
        """Write what follows from what came, and let go of what was kept if that altered anything."""
        if self._connection.execute(sql, row).rowcount:
            self._log.kept.note(Part.COMING)


def _row(stream: Stream) -> tuple[int, bytes, bytes]:
    return (stream.device, stream.session.to_bytes(8, "big"), stream.channel)


def _stream(row: tuple[Any, ...]) -> Stream:
    return Stream(row[0], int.from_bytes(row[1], "big"), bytes(row[2]))


def _parcel(row: tuple[Any, ...]) -> StoredParcel:
    digest, kind, state, reason, at_ms, sealed, device, session, channel, n = row
    place = None if n is None else Place(_stream((device, session, channel)), n)
    return StoredParcel(
        bytes(digest), ParcelKind(kind), ParcelState(state), reason, at_ms, bytes(sealed), device, place
    )
