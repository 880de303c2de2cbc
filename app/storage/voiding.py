"""Own envelopes that are voided, the purges that say so, and the proofs that must not tell too much."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.dots import Dot
from app.services.mailbox import KeptProof, LostEnvelope, OutPurge, Place, Stream
from app.storage.change_log import ChangeLog
from app.storage.connection import Connection
from app.storage.kept import Part

_WORD = 8
_PLACE = "session = ? AND channel = ? AND n = ?"
_HOLDING = "SELECT session, channel, n FROM {} WHERE dot = ?"
_BEFORE = "SELECT digest FROM sealed WHERE session = ? AND channel = ? AND n = ?"


class Voiding:
    """Reads and writes voided envelopes, purges and proofs; the caller holds the transaction."""

    def __init__(self, connection: Connection, log: ChangeLog) -> None:
        """Work over `connection`."""
        self._connection = connection
        self._log = log
        self._keys = log.keys

    def envelopes_with(self, dots: Iterable[Dot]) -> tuple[LostEnvelope, ...]:
        """Give the own envelopes that hold any of these changes."""
        places: set[tuple[bytes, bytes, int]] = set()
        for key in map(self._keys.key, dots):
            for table in ("sealed_change", "state_change"):
                rows = self._connection.execute(_HOLDING.format(table), (key,))
                places |= {(bytes(row[0]), bytes(row[1]), int(row[2])) for row in rows}
        found = (self._lost(place) for place in sorted(places))
        return tuple(item for item in found if item is not None)

    def void(self, envelope: LostEnvelope) -> None:
        """Drop an own envelope's sealed copy; what else was in it waits again unless everybody read it."""
        place = (envelope.session.to_bytes(_WORD, "big"), envelope.channel, envelope.n)
        if envelope.sealed is not None:
            waiting = "INSERT OR IGNORE INTO outbox SELECT dot FROM sealed_change WHERE "
            self._connection.execute(waiting + _PLACE, place)
            self._connection.execute(f"DELETE FROM sealed_change WHERE {_PLACE}", place)
        self._connection.execute(f"UPDATE sealed SET sealed = NULL WHERE {_PLACE}", place)
        self._log.kept.note(Part.LEAVING)
        self._connection.execute(f"DELETE FROM state_change WHERE {_PLACE}", place)

    def put_purge(self, purge: OutPurge) -> None:
        """Keep a signed purge."""
        self._connection.execute(
            "INSERT OR IGNORE INTO purge_out VALUES (?, ?, ?)", (purge.digest, purge.sealed, purge.at_ms)
        )
        self._log.kept.note(Part.LEAVING)

    def purges(self) -> tuple[OutPurge, ...]:
        """Give the own purges, oldest first."""
        return self._log.kept.of(Part.LEAVING, ("purges",), self._purges)

    def _purges(self) -> tuple[OutPurge, ...]:
        rows = self._connection.execute("SELECT digest, sealed, at_ms FROM purge_out ORDER BY at_ms, digest")
        return tuple(OutPurge(bytes(row[0]), bytes(row[1]), row[2]) for row in rows)

    def proofs(self, sessions: Iterable[int]) -> tuple[KeptProof, ...]:
        """Give the proofs of the envelopes that came in these sessions."""
        sql = (
            "SELECT device, channel, n, proof FROM received WHERE session = ? AND length(proof) > 0"
            " AND device IN (SELECT DISTINCT device FROM read_stream)"
        )
        found = []
        for session in sorted(set(sessions)):
            for device, channel, n, proof in self._connection.execute(sql, (session.to_bytes(_WORD, "big"),)):
                place = Place(Stream(device, session, bytes(channel)), n)
                found.append(KeptProof(place, bytes(proof)))
        return tuple(found)

    def put_proof(self, proof: KeptProof) -> None:
        """Write a proof anew."""
        stream = proof.place.stream
        place = (stream.session.to_bytes(_WORD, "big"), stream.channel, proof.place.n)
        self._connection.execute(
            f"UPDATE received SET proof = ? WHERE device = ? AND {_PLACE}",
            (proof.proof, stream.device, *place),
        )

    def _lost(self, place: tuple[bytes, bytes, int]) -> LostEnvelope | None:
        row = self._connection.execute(
            f"SELECT epoch, digest, sealed FROM sealed WHERE {_PLACE}", place
        ).fetchone()
        if row is None:
            return None
        session, channel, n = place
        before = self._connection.execute(_BEFORE, (session, channel, n - 1)).fetchone()
        return LostEnvelope(
            int.from_bytes(session, "big"),
            channel,
            n,
            row[0],
            bytes(row[1]),
            b"" if before is None else bytes(before[0]),
            None if row[2] is None else bytes(row[2]),
        )
