"""What was asked of others, what others asked, and the states of case files that were told."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

import cbor2

from app.domain.classes import RegisterClass
from app.domain.dots import Dot
from app.domain.merge import Change
from app.domain.registry import REGISTRY
from app.domain.values import decode_register
from app.services.mailbox import Place, SealedEnvelope, Stream
from app.storage.attestations import PROVEN
from app.storage.change_log import ChangeLog
from app.storage.connection import Connection
from app.storage.kept import Part
from app.storage.keyring import audience_of

_WORD = 8
_STATE = (
    "SELECT dot, twin FROM head WHERE record IN ({records}) UNION"
    " SELECT dot, twin FROM change WHERE dot = record AND record IN ({records}) UNION"
    " SELECT dot, twin FROM change WHERE case_file = ?1 AND register IN ({lasting})"
)
# A record that went along to another case file is told with that one, and not with this one any more.
_RECORDS = (
    "SELECT record FROM change WHERE case_file IS ?1 AND record NOT IN"
    " (SELECT record FROM moved WHERE origin = ?1 AND case_file <> ?1)"
    " UNION SELECT id FROM record WHERE case_file = ?1"
)
_EVER_MOVED = (
    "SELECT 1 FROM change WHERE case_file = ? AND record = ? AND register = 'belongs' AND dot <> record"
)
_PROOFS_OF_CHANNEL = (
    "SELECT proof FROM received WHERE device = ? AND channel = ? AND length(proof) > 0"
    " AND digest NOT IN (SELECT digest FROM voided)"
)
_PROOFS_OF_DEVICES = (
    "SELECT proof FROM received WHERE device IN (SELECT value FROM json_each(?)) AND length(proof) > 0"
    " ORDER BY device, session, channel, n"
)
_RESPONSIBLE = (
    "SELECT value FROM change WHERE case_file = ? AND type = 'CaseFile' AND register = 'responsible'"
    f" AND {PROVEN}"
)


class SqlAsking:
    """Reads and writes wishes, asks and states; the caller holds the transaction."""

    def __init__(self, connection: Connection, log: ChangeLog) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._log = log
        self._keys = log.keys

    def told(self) -> dict[bytes, tuple[int, int]]:
        """Give each wish that was told: how often, and when last."""
        rows = self._connection.execute("SELECT what, times, told_ms FROM wish").fetchall()
        return {bytes(what): (times, told_ms) for what, times, told_ms in rows}

    def note_told(self, wishes: Collection[bytes], at_ms: int) -> None:
        """Note that exactly these wishes stand and were told now; others were fulfilled."""
        before = self.told()
        if not before and not wishes:
            return
        rows = [(wish, before.get(wish, (0, 0))[0] + 1, at_ms) for wish in wishes]
        self._connection.execute("DELETE FROM wish")
        self._connection.executemany("INSERT INTO wish VALUES (?, ?, ?)", rows)

    def is_answered(self, ask: bytes) -> bool:
        """Tell whether an ask (its hash) was answered before."""
        found = self._connection.execute("SELECT 1 FROM ask_answered WHERE digest = ?", (ask,))
        return found.fetchone() is not None

    def note_answered(self, ask: bytes) -> None:
        """Note that an ask was answered."""
        self._connection.execute("INSERT OR IGNORE INTO ask_answered VALUES (?)", (ask,))

    def offer_again(self, envelope: SealedEnvelope) -> None:
        """Bring an envelope to the relay once more."""
        row = (_word(envelope.session), envelope.channel, envelope.n)
        self._connection.execute("INSERT OR IGNORE INTO offer_again VALUES (?, ?, ?)", row)
        self._log.kept.note(Part.LEAVING)

    def want_state(self, device: int, ask: bytes) -> None:
        """Note that a device waits for the state of all it may read."""
        self._connection.execute("INSERT OR REPLACE INTO state_due VALUES (?, ?)", (device, ask))

    def state_due(self) -> tuple[tuple[int, bytes], ...]:
        """Give the devices that wait for it, with the hashes of their asks."""
        rows = self._connection.execute("SELECT device, ask FROM state_due ORDER BY device").fetchall()
        return tuple((device, bytes(ask)) for device, ask in rows)

    def note_state_told(self, device: int, place: Place, at_ms: int, ask: bytes) -> None:
        """Note where the last part of a device's state stands, and which ask it answers."""
        row = (device, _word(place.stream.session), place.stream.channel, place.n, at_ms, ask)
        self._connection.execute("INSERT OR REPLACE INTO state_told VALUES (?, ?, ?, ?, ?, ?)", row)
        self._connection.execute("DELETE FROM state_due WHERE device = ?", (device,))

    def take_state_ack(self, device: int, stream: Stream, n: int) -> int | None:
        """Give when the newest state was told that an ack of a device covers, and forget it."""
        where = "FROM state_told WHERE device = ? AND session = ? AND channel = ? AND n <= ?"
        place = (device, _word(stream.session), stream.channel, n)
        (at_ms,) = self._connection.execute(f"SELECT max(at_ms) {where}", place).fetchone()
        self._connection.execute(f"DELETE {where}", place)
        return None if at_ms is None else int(at_ms)

    def tellers(self) -> frozenset[int]:
        """Give the devices that told the whole state since it was asked for."""
        rows = self._connection.execute("SELECT device FROM state_teller").fetchall()
        return frozenset(device for (device,) in rows)

    def note_teller(self, device: int) -> None:
        """Note that a device told the whole state."""
        self._connection.execute("INSERT OR IGNORE INTO state_teller VALUES (?)", (device,))

    def forget_tellers(self) -> None:
        """Begin anew: the state is wanted from everybody."""
        self._connection.execute("DELETE FROM state_teller")

    def is_given(self, change: Change, member: int) -> bool:
        """Tell whether an own change went to a member within a case file's state.

        What is no head any more counts as told with the state, unless it is of a class that the
        member may not have been cleared for then.
        """
        if change.case is None:
            return False
        key = self._keys.key(change.dot)
        if change.cls <= RegisterClass.BASE:
            found = self._connection.execute(
                "SELECT 1 FROM state_given WHERE case_file = ?1 AND member = ?2"
                " AND upto >= ?3 AND upto >> 32 = ?3 >> 32",
                (self._keys.key(change.case), member, key),
            )
            if found.fetchone() is not None and not self._was_moved(change):
                return True
        return self.is_in_state(change, member)

    def is_in_state(self, change: Change, member: int) -> bool:
        """Tell whether a change, own or another's, went to a member in an own checkpoint."""
        rows = self._connection.execute(
            "SELECT channel_key.audience FROM state_change JOIN channel_key USING (channel)"
            " WHERE state_change.dot = ?",
            (self._keys.key(change.dot),),
        )
        return any(member in audience_of(audience) for (audience,) in rows)

    def note_heard(self, cases: Iterable[Dot]) -> None:
        """Note case files in which others wrote: it is to be asked whom that did not reach."""
        rows = ((self._keys.key(case),) for case in cases)
        self._connection.executemany("INSERT OR IGNORE INTO heard VALUES (?)", rows)

    def heard(self) -> tuple[Dot, ...]:
        """Give the case files of which that is still to be asked."""
        rows = self._connection.execute("SELECT case_file FROM heard ORDER BY case_file").fetchall()
        return tuple(self._keys.dot(key) for (key,) in rows)

    def forget_heard(self, cases: Iterable[Dot]) -> None:
        """Note that it was asked, and answered."""
        rows = ((self._keys.key(case),) for case in cases)
        self._connection.executemany("DELETE FROM heard WHERE case_file = ?", rows)

    def writers(self, case: Dot) -> frozenset[int]:
        """Give the devices (by the numbers in their dots) that ever wrote what is, or was, in a case file."""
        rows = self._connection.execute(
            "SELECT DISTINCT device FROM source WHERE id IN"
            " (SELECT dot >> 32 FROM change WHERE case_file = ?1 OR record IN"
            " (SELECT record FROM moved WHERE case_file = ?1))",
            (self._keys.key(case),),
        )
        return frozenset(int.from_bytes(device, "big") for (device,) in rows)

    def moved_records(self) -> tuple[Dot, ...]:
        """Give the records that were ever moved, wherever they belong by now."""
        sql = (
            "SELECT DISTINCT record FROM change WHERE register = 'belongs' AND dot <> record ORDER BY record"
        )
        return tuple(self._keys.dot(key) for (key,) in self._connection.execute(sql).fetchall())

    def sent_to(self, device: int, member: int) -> frozenset[bytes]:
        """Give what a device (by roster index) itself sent in channels that are for a member too: dots.

        But for what it voided: that left by a stick or the relay before, and may have come here only.
        """
        rows = self._connection.execute(
            "SELECT DISTINCT channel, audience FROM channel_key WHERE device = ?", (device,)
        ).fetchall()
        found: set[bytes] = set()
        for channel in {channel for channel, audience in rows if member in audience_of(audience)}:
            for (proof,) in self._connection.execute(_PROOFS_OF_CHANNEL, (device, channel)):
                found |= _named(proof)
        return frozenset(found)

    def note_voided(self, digest: bytes) -> None:
        """Note that an envelope that was read here was voided by who had sent it."""
        self._connection.execute("INSERT OR IGNORE INTO voided VALUES (?)", (digest,))

    def sent_in(self, device: int, envelopes: Collection[bytes]) -> frozenset[bytes]:
        """Give what a device (by roster index) sent in these envelopes (their hashes): dots."""
        sql = "SELECT proof FROM received WHERE device = ? AND digest = ? AND length(proof) > 0"
        rows = (self._connection.execute(sql, (device, digest)).fetchone() for digest in envelopes)
        return frozenset(name for row in rows if row is not None for name in _named(row[0]))

    def _was_moved(self, change: Change) -> bool:
        """Tell whether a record ever left the case file it was made in: its state may tell nothing of it."""
        case = None if change.case is None else self._keys.key(change.case)
        found = self._connection.execute(_EVER_MOVED, (case, self._keys.key(change.record)))
        return found.fetchone() is not None

    def note_given(self, case: Dot, members: Iterable[int], device: int) -> None:
        """Note that these members were told a case file's state as it is now, by the device with this id."""
        key = self._keys.key(case)
        # Of two sessions the one that came here later need not be the later one: a copied disk's comes back.
        last = self._connection.execute(
            "SELECT max(dot) FROM change WHERE case_file = ? AND dot >> 32 IN"
            " (SELECT id FROM source WHERE device = ?) GROUP BY dot >> 32",
            (key, _word(device)),
        ).fetchall()
        rows = ((key, member, upto) for member in members for (upto,) in last)
        self._connection.executemany("INSERT OR IGNORE INTO state_given VALUES (?, ?, ?)", rows)

    def note_in_state(self, envelope: SealedEnvelope, changes: Iterable[Dot]) -> None:
        """Note which changes, own and others', went into an own checkpoint."""
        place = (_word(envelope.session), envelope.channel, envelope.n)
        rows = ((self._keys.key(dot), *place) for dot in changes)
        self._connection.executemany("INSERT OR IGNORE INTO state_change VALUES (?, ?, ?, ?)", rows)

    def changes_in_state(self, envelope: SealedEnvelope) -> tuple[Change, ...]:
        """Give the changes that went into an own checkpoint; none for an ordinary envelope."""
        rows = self._connection.execute(
            "SELECT dot FROM state_change WHERE session = ? AND channel = ? AND n = ?",
            (_word(envelope.session), envelope.channel, envelope.n),
        ).fetchall()
        return tuple(self._log.by_keys(row[0] for row in rows))

    def void_states(self, envelopes: Iterable[SealedEnvelope]) -> None:
        """Forget that checkpoints told what they held: they did not leave."""
        for envelope in envelopes:
            place = (_word(envelope.session), envelope.channel, envelope.n)
            where = "WHERE session = ? AND channel = ? AND n = ?"
            self._connection.execute(
                "DELETE FROM state_given WHERE case_file IN (SELECT case_file FROM change WHERE dot IN"
                f" (SELECT dot FROM state_change {where}))",
                place,
            )
            self._connection.execute(f"DELETE FROM state_change {where}", place)
            again = f"INSERT OR REPLACE INTO state_due SELECT device, ask FROM state_told {where}"
            self._connection.execute(again, place)
            self._connection.execute(f"DELETE FROM state_told {where}", place)

    def case_files(self) -> tuple[Dot, ...]:
        """Give the case files that this store knows."""
        sql = "SELECT DISTINCT case_file FROM change WHERE case_file IS NOT NULL ORDER BY case_file"
        return tuple(self._keys.dot(key) for (key,) in self._connection.execute(sql).fetchall())

    def state_of_case(self, case: Dot | None, lasting: Iterable[str]) -> tuple[Change, ...]:
        """Give what a case file's state is made of (None: of all records outside case files).

        Every head, each record's first change, and every change of the `lasting` registers, by record.
        """
        named = sorted(lasting)
        sql = _STATE.format(records=_RECORDS, lasting=", ".join("?" * len(named)))
        key = None if case is None else self._keys.key(case)
        rows = self._connection.execute(sql, (key, *named)).fetchall()
        changes = [found for row in rows for found in self._log.at(*row)]
        return tuple(sorted(changes, key=lambda item: (item.record, item.dot != item.record, item.dot)))

    def proofs_of(self, changes: Iterable[Change], senders: Iterable[int]) -> tuple[bytes, ...]:
        """Give the stored proofs (header, signature, leaves) in which any of these changes occurs.

        `senders`: the devices (roster indexes) that made them; nobody else's envelopes are looked through.
        """
        wanted = {change.dot.to_bytes() for change in changes}
        rows = self._connection.execute(_PROOFS_OF_DEVICES, (json.dumps(sorted(senders)),))
        return tuple(
            bytes(proof) for (proof,) in rows if any(leaf[0] in wanted for leaf in cbor2.loads(proof)[2])
        )

    def proven_responsible(self, case: Dot) -> frozenset[int]:
        """Give the members whom a proven change ever made responsible for a case file."""
        key = self._keys.known_key(case)
        register = REGISTRY["CaseFile"].register_by_name["responsible"]
        rows = self._connection.execute(_RESPONSIBLE, (key,)).fetchall()
        given = (decode_register(register, bytes(value)).get("responsible") for (value,) in rows)
        return frozenset(member for member in given if isinstance(member, int))

    def attester(self, change: Change) -> int | None:
        """Give the member whose word alone vouches for a change, or None when it is proven."""
        return self._log.attester(change)

    def change(self, dot: Dot) -> tuple[Change, ...]:
        """Give the changes known under a dot."""
        key = self._keys.known_key(dot)
        return () if key is None else tuple(self._log.with_dot(key))

    def is_covered(self, change: Change) -> bool:
        """Tell whether a change that stands here was written by somebody who was shown this one."""
        key = self._keys.known_key(change.record)
        heads = () if key is None else self._log.heads(key).get(change.register, ())
        return any(change.dot in head.context for head in heads)


def _named(proof: bytes) -> frozenset[bytes]:
    """Give the changes of which an envelope's stored proof holds a leaf."""
    return frozenset(bytes(leaf[0]) for leaf in cbor2.loads(proof)[2])


def _word(number: int) -> bytes:
    return number.to_bytes(_WORD, "big")
