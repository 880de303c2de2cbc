"""The way out: outbox, sealed copies, what the relay holds of them, and who has signed for them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise

from app.domain.dots import Dot
from app.domain.merge import Change
from app.services.mailbox import OWN, RelayRun, SealedEnvelope, Stream, StreamGap, StreamHead
from app.storage.change_log import ChangeLog
from app.storage.connection import UP_TO, Connection
from app.storage.kept import Part
from app.storage.keyring import SENT, audience_of
from app.storage.keys import Keys
from app.storage.mailbox_in import TELL_THROUGH

_SEALED = "session, channel, n, epoch, digest, sealed, at_ms"
_AT_RELAY = (
    "EXISTS (SELECT 1 FROM relay_run WHERE relay_run.session = sealed.session"
    " AND relay_run.channel = sealed.channel AND sealed.n BETWEEN relay_run.first AND relay_run.last)"
)
_SIGNED = (
    "(SELECT coalesce(max(n), 0) FROM ack_in"
    " WHERE ack_in.session = relay_run.session AND ack_in.channel = relay_run.channel)"
)
_TOLD = (
    "coalesce((SELECT n FROM told_through WHERE device = ?"
    " AND told_through.session = shown.session AND told_through.channel = shown.channel), 0)"
)
_HERE = (
    "(SELECT count(*) FROM sealed WHERE sealed.session = lacking.session"
    " AND sealed.channel = lacking.channel AND sealed.n BETWEEN lacking.first AND lacking.last)"
)
_INCOMPLETE = (
    "WITH shown (session, channel, first, last) AS ("
    "SELECT session, channel, 1, max(n) FROM ack_in GROUP BY session, channel"
    f" UNION ALL SELECT session, channel, max(first, 1 + {_SIGNED}), last FROM relay_run),"
    " lacking (session, channel, first, last) AS ("
    f"SELECT session, channel, max(first, 1 + {_TOLD}), last FROM shown)"
    " SELECT session, channel, first, last FROM lacking"
    f" WHERE first <= last AND last - first + 1 > {_HERE} ORDER BY session, channel, first"
)
"""Stretches of own streams that the relay names, or others signed for, and that are not whole here."""

_RUN = "session, channel, first, last, head"


class SqlMailboxOut:
    """Reads and writes what leaves this device; the caller holds the transaction."""

    def __init__(self, connection: Connection, keys: Keys, log: ChangeLog) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._keys = keys
        self._log = log

    def outbox(self, after: Dot | None, limit: int) -> tuple[Change, ...]:
        """Give the next own changes that wait for somebody, oldest first, behind `after`."""
        key = -1 if after is None else self._keys.key(after)
        rows = self._connection.execute(
            f"SELECT dot FROM outbox WHERE dot > ? ORDER BY dot {UP_TO}", (key, limit)
        )
        return tuple(self._log.by_keys([row[0] for row in rows]))

    def leave_outbox(self, dots: Iterable[Dot]) -> None:
        """Take changes out of the outbox."""
        keys = ((self._keys.key(dot),) for dot in dots)
        self._connection.executemany("DELETE FROM outbox WHERE dot = ?", keys)

    def requeue_all(self, device: int) -> None:
        """Put every own change back into the outbox: the roster may have widened an audience."""
        self._connection.execute(
            "INSERT OR IGNORE INTO outbox SELECT dot FROM change"
            " WHERE twin = 0 AND dot >> 32 IN (SELECT id FROM source WHERE device = ?)",
            (device.to_bytes(8, "big"),),
        )

    def sealed_audiences(self, dots: Iterable[Dot], device: int) -> dict[Dot, frozenset[int]]:
        """Give the members for whom each of `dots` was sealed before; those never sealed are left out."""
        find, kept = self._sealed_for, self._log.kept
        each = ((dot, kept.of(SENT, ("sealed_for", dot, device), partial(find, dot, device))) for dot in dots)
        return {dot: members for dot, members in each if members is not None}

    def _sealed_for(self, dot: Dot, device: int) -> frozenset[int] | None:
        rows = self._connection.execute(_AUDIENCES_OF_DOT, (self._keys.key(dot), device)).fetchall()
        return frozenset[int]().union(*(audience_of(row[0]) for row in rows)) if rows else None

    def cases_sealed_for(self, recipient: int) -> Iterator[Dot]:
        """Go through the case files of which something was sealed under a key granted to a device."""
        rows = self._connection.execute(
            "SELECT DISTINCT change.case_file FROM grant_out JOIN sealed USING (channel, epoch)"
            " JOIN sealed_change USING (session, channel, n) JOIN change ON change.dot = sealed_change.dot"
            " WHERE grant_out.recipient = ? AND change.case_file IS NOT NULL",
            (recipient,),
        ).fetchall()
        return (self._keys.dot(row[0]) for row in rows)

    def own_head(self, channel: bytes) -> StreamHead | None:
        """Give the last envelope sealed in a channel, of whatever session."""
        row = self._connection.execute(
            "SELECT session, n, digest FROM own_head WHERE channel = ?", (channel,)
        ).fetchone()
        return None if row is None else StreamHead(_number(row[0]), row[1], bytes(row[2]))

    def put_sealed(self, envelope: SealedEnvelope, dots: Iterable[Dot]) -> None:
        """Keep a sealed envelope with the changes in it, as the head of its channel."""
        self._put(envelope, [self._keys.key(dot) for dot in dots])
        self._connection.execute(
            "INSERT OR REPLACE INTO own_head VALUES (?, ?, ?, ?)",
            (envelope.channel, _word(envelope.session), envelope.n, envelope.digest),
        )

    def put_recovered(self, envelope: SealedEnvelope, dots: Iterable[Dot]) -> None:
        """Keep an own envelope that came back; the head of its channel stays what it is.

        Its changes wait once more: others than those for whom it was sealed may read them by now.
        """
        keys = [self._keys.key(dot) for dot in dots]
        self._put(envelope, keys)
        self._connection.executemany("INSERT OR IGNORE INTO outbox VALUES (?)", [(key,) for key in keys])

    def _put(self, envelope: SealedEnvelope, dots: Sequence[int]) -> None:
        place = (_word(envelope.session), envelope.channel, envelope.n)
        self._write(
            "INSERT INTO sealed VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*place, envelope.epoch, envelope.digest, envelope.sealed, envelope.at_ms),
        )
        rows = ((dot, *place) for dot in dots)
        self._connection.executemany("INSERT INTO sealed_change VALUES (?, ?, ?, ?)", rows)

    def unsent(self, limit: int = -1) -> tuple[SealedEnvelope, ...]:
        """Give the sealed envelopes that the relay has not said it holds, oldest first, so many at most."""
        places = self.unsent_places()
        first = places if limit < 0 else places[:limit]
        whole = (self.envelope(item.session, item.channel, item.n) for item in first)
        return tuple(item for item in whole if item is not None)

    def unsent_places(self) -> tuple[SealedEnvelope, ...]:
        """Give what `unsent` gives, without the bytes."""
        return self._log.kept.of(Part.LEAVING, ("unsent_places",), self._unsent_places)

    def _unsent_places(self) -> tuple[SealedEnvelope, ...]:
        rows = self._connection.execute(
            f"SELECT session, channel, n, epoch, digest, NULL, at_ms FROM sealed"
            f" WHERE sealed IS NOT NULL AND (NOT {_AT_RELAY}"
            " OR (session, channel, n) IN (SELECT session, channel, n FROM offer_again))"
            " ORDER BY at_ms, session, channel, n"
        )
        return tuple(_sealed(row) for row in rows)

    def kept(self) -> tuple[SealedEnvelope, ...]:
        """Give the envelopes whose sealed copy is still kept, without its bytes."""
        return self._log.kept.of(Part.LEAVING, ("kept",), self._kept)

    def _kept(self) -> tuple[SealedEnvelope, ...]:
        rows = self._connection.execute(
            "SELECT session, channel, n, epoch, digest, NULL, at_ms FROM sealed WHERE sealed IS NOT NULL"
        )
        return tuple(_sealed(row) for row in rows)

    def envelope(self, session: int, channel: bytes, n: int) -> SealedEnvelope | None:
        """Give an own envelope by its place."""
        rows = self._connection.execute(
            f"SELECT {_SEALED} FROM sealed WHERE session = ? AND channel = ? AND n = ?",
            (_word(session), channel, n),
        )
        return next((_sealed(row) for row in rows), None)

    def changes_in(self, envelope: SealedEnvelope) -> tuple[Change, ...]:
        """Give the own changes that were sealed into an envelope."""
        rows = self._connection.execute(
            "SELECT dot FROM sealed_change WHERE session = ? AND channel = ? AND n = ?",
            (_word(envelope.session), envelope.channel, envelope.n),
        ).fetchall()
        return tuple(self._log.by_keys(row[0] for row in rows))

    def void(self, envelopes: Sequence[SealedEnvelope]) -> None:
        """Drop sealed envelopes that did not leave: their changes wait again, to be sealed anew."""
        for envelope in envelopes:
            place = (_word(envelope.session), envelope.channel, envelope.n)
            self._connection.execute(
                "INSERT OR IGNORE INTO outbox SELECT dot FROM sealed_change"
                " WHERE session = ? AND channel = ? AND n = ?",
                place,
            )
            for table in ("sealed_change", "sealed"):
                self._write(
                    f"DELETE FROM {table} WHERE session = ? AND channel = ? AND n = ?",
                    place,
                )
            # It may have left all the same, where the answer was cut: it is not one that this disk has lost.
            self._write(TELL_THROUGH, (OWN, *place))
            self._log.kept.note(Part.COMING)
            self._step_back(envelope)

    def own_sessions(self) -> frozenset[int]:
        """Give the sessions that this store drew itself."""
        return frozenset(_number(row[0]) for row in self._connection.execute("SELECT number FROM session"))

    def runs(self) -> tuple[RelayRun, ...]:
        """Give the own streams as the relay holds them, by its own last word."""
        return self._log.kept.of(Part.LEAVING, ("runs",), self._runs)

    def _runs(self) -> tuple[RelayRun, ...]:
        return tuple(map(_run, self._connection.execute(f"SELECT {_RUN} FROM relay_run")))

    def lost(self) -> tuple[StreamGap, ...]:
        """Give the places of own envelopes that this store does not know, and nobody told again.

        The relay names them, or others signed for them.
        """
        return self._log.kept.of(Part.LEAVING, ("lost",), self._lost)

    def _lost(self) -> tuple[StreamGap, ...]:
        found: list[StreamGap] = []
        for session, channel, first, last in self._connection.execute(_INCOMPLETE, (OWN,)).fetchall():
            rows = self._connection.execute(
                "SELECT n FROM sealed WHERE session = ? AND channel = ? AND n BETWEEN ? AND ? ORDER BY n",
                (session, channel, first, last),
            )
            known = [first - 1, *(n for (n,) in rows), last + 1]
            stream = Stream(OWN, _number(session), bytes(channel))
            found += [
                StreamGap(stream, before + 1, after - 1)
                for before, after in pairwise(known)
                if after > before + 1
            ]
        return tuple(found)

    def told_again(self) -> dict[tuple[int, bytes], int]:
        """Give up to where own streams are in this store though their envelopes are not: session, channel."""
        rows = self._connection.execute(
            "SELECT session, channel, n FROM told_through WHERE device = ?", (OWN,)
        )
        return {(_number(session), bytes(channel)): n for session, channel, n in rows.fetchall()}

    def replace_runs(self, runs: Iterable[RelayRun]) -> None:
        """Take the relay's inventory of own streams in place of what was known; offer all else again."""
        self._connection.execute("DELETE FROM relay_run")
        self._connection.execute("DELETE FROM relay_item")
        rows = ((_word(run.session), run.channel, run.first, run.last, run.head) for run in runs)
        self._connection.executemany("INSERT INTO relay_run VALUES (?, ?, ?, ?, ?)", rows)
        self._log.kept.note(Part.LEAVING)

    def note_at_relay(self, envelope: SealedEnvelope) -> None:
        """Take the relay's word that it holds an envelope: it lengthens or joins runs."""
        session, channel, n = _word(envelope.session), envelope.channel, envelope.n
        again = "DELETE FROM offer_again WHERE session = ? AND channel = ? AND n = ?"
        self._write(again, (session, channel, n))
        run = _Runs(self._connection, session, channel)
        if run.holds(n):
            return
        before, behind = run.ending(n - 1), run.beginning(n + 1)
        run.drop(before, behind)
        first = n if before is None else before[0]
        last, head = (n, envelope.digest) if behind is None else (behind[1], behind[2])
        self._write("INSERT INTO relay_run VALUES (?, ?, ?, ?, ?)", (session, channel, first, last, head))

    def at_relay(self, digest: bytes) -> bool:
        """Tell whether the relay said that it holds a grant, an ack or a prekey."""

        def find() -> bool:
            found = self._connection.execute("SELECT 1 FROM relay_item WHERE digest = ?", (digest,))
            return found.fetchone() is not None

        return self._log.kept.of(Part.LEAVING, ("at_relay", digest), find)

    def note_item_at_relay(self, digest: bytes) -> None:
        """Take the relay's word that it holds a grant or prekey."""
        self._write("INSERT OR IGNORE INTO relay_item VALUES (?)", (digest,))

    def streams_to(
        self, device: int, member: int, before_ms: int | None = None
    ) -> tuple[tuple[int, bytes, int], ...]:
        """Give the own streams that were meant for a member, with their last place: session, channel, n.

        `before_ms`: only what was sealed up to that moment. `device` is this device's roster index.
        """
        keys = self._connection.execute(
            "SELECT channel, audience FROM channel_key WHERE device = ?", (device,)
        )
        channels = {bytes(channel) for channel, packed in keys.fetchall() if member in audience_of(packed)}
        found = []
        for channel in sorted(channels):
            rows = self._connection.execute(
                "SELECT session, max(n) FROM sealed WHERE channel = ?1 AND (?2 IS NULL OR at_ms <= ?2)"
                " GROUP BY session ORDER BY session",
                (channel, before_ms),
            )
            found += [(_number(session), channel, n) for session, n in rows]
        return tuple(found)

    def put_ack(self, recipient: int, session: int, channel: bytes, n: int, at_ms: int) -> None:
        """Note that another device signed for an own stream up to `n`; an older word never counts."""
        self._write(
            "INSERT INTO ack_in VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (recipient, session, channel)"
            " DO UPDATE SET n = excluded.n, at_ms = excluded.at_ms WHERE excluded.n > n",
            (recipient, _word(session), channel, n, at_ms),
        )

    def last_read(self) -> dict[int, int]:
        """Give for each device when it last signed for something of this one."""
        rows = self._connection.execute("SELECT recipient, max(at_ms) FROM ack_in GROUP BY recipient")
        return dict(rows.fetchall())

    def acks(self, session: int, channel: bytes) -> dict[int, int]:
        """Give for each device how far it signed for an own stream."""
        rows = self._connection.execute(
            "SELECT recipient, n FROM ack_in WHERE session = ? AND channel = ?", (_word(session), channel)
        )
        return dict(rows.fetchall())

    def free(self, envelope: SealedEnvelope) -> None:
        """Let a sealed copy go: every recipient has signed for it."""
        self._write(
            "UPDATE sealed SET sealed = NULL WHERE session = ? AND channel = ? AND n = ?",
            (_word(envelope.session), envelope.channel, envelope.n),
        )

    def _write(self, sql: str, row: tuple[Hashable, ...]) -> None:
        """Write what follows from what leaves, and let go of what was kept if that altered anything."""
        if self._connection.execute(sql, row).rowcount:
            self._log.kept.note(Part.LEAVING)

    def _step_back(self, voided: SealedEnvelope) -> None:
        """Let what was sealed before a voided envelope be its channel's head: in its own session the last.

        Of other sessions the newest by the clock, which may have been set back meanwhile.
        """
        self._connection.execute("DELETE FROM own_head WHERE channel = ?", (voided.channel,))
        self._connection.execute(
            "INSERT INTO own_head SELECT channel, session, n, digest FROM sealed WHERE channel = ?1"
            " ORDER BY session = ?2 DESC, CASE session WHEN ?2 THEN n ELSE at_ms END DESC, n DESC LIMIT 1",
            (voided.channel, _word(voided.session)),
        )


class _Runs:
    """The runs of one own stream."""

    def __init__(self, connection: Connection, session: bytes, channel: bytes) -> None:
        self._connection = connection
        self._stream = (session, channel)

    def holds(self, n: int) -> bool:
        return self._one("? BETWEEN first AND last", n) is not None

    def ending(self, n: int) -> tuple[int, int, bytes] | None:
        return self._one("last = ?", n)

    def beginning(self, n: int) -> tuple[int, int, bytes] | None:
        return self._one("first = ?", n)

    def drop(self, *runs: tuple[int, int, bytes] | None) -> None:
        for run in runs:
            if run is not None:
                self._connection.execute(
                    "DELETE FROM relay_run WHERE session = ? AND channel = ? AND first = ?",
                    (*self._stream, run[0]),
                )

    def _one(self, where: str, n: int) -> tuple[int, int, bytes] | None:
        rows: Iterator[tuple[int, int, bytes]] = self._connection.execute(
            f"SELECT first, last, head FROM relay_run WHERE session = ? AND channel = ? AND {where}",
            (*self._stream, n),
        )
        return next(rows, None)


_AUDIENCES_OF_DOT = (
    "SELECT channel_key.audience FROM sealed_change"
    " JOIN sealed USING (session, channel, n)"
    " JOIN channel_key ON channel_key.channel = sealed.channel AND channel_key.epoch = sealed.epoch"
    " WHERE sealed_change.dot = ? AND channel_key.device = ?"
)


def _sealed(row: tuple[bytes, bytes, int, int, bytes, bytes | None, int]) -> SealedEnvelope:
    session, channel, n, epoch, digest, sealed, at_ms = row
    copy = None if sealed is None else bytes(sealed)
    return SealedEnvelope(_number(session), bytes(channel), n, epoch, bytes(digest), copy, at_ms)


def _run(row: tuple[bytes, bytes, int, int, bytes]) -> RelayRun:
    session, channel, first, last, head = row
    return RelayRun(_number(session), bytes(channel), first, last, bytes(head))


def _word(session: int) -> bytes:
    return session.to_bytes(8, "big")


def _number(session: bytes) -> int:
    return int.from_bytes(session, "big")
