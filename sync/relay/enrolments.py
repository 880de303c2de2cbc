"""Invitations that keepers deposit, and the enrolments that their holders send in.

The holder is not in the roster and has no key the relay knows. A token that follows from the
invitation's secret stands in; the relay holds only its hash.
"""

import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from sync.encoding.signing import sha256
from sync.relay import problems
from sync.relay.database import Database
from sync.relay.schema import enrolment, invitation
from sync.relay.settings import DAY_MS, RelaySettings

_LONGEST_MS = 31 * DAY_MS


@dataclass(frozen=True)
class Deposit:
    """What a keeper leaves: SHA-256 of the token, and the invitation's last moment."""

    token_hash: bytes
    expires_at: int


class Enrolments:
    """The invitations of one database."""

    def __init__(self, database: Database, settings: RelaySettings) -> None:
        """Keep the limits."""
        self._database = database
        self._settings = settings

    def deposit(
        self, connection: Connection, district_id: int, keeper: int, name: bytes, deposit: Deposit, now: int
    ) -> None:
        """Keep an invitation; the same one again is fine. Raises the 409, 422 and 429 problems."""
        if not now < deposit.expires_at <= now + _LONGEST_MS:
            raise problems.unreadable()
        self._forget(connection, now)
        held = self._hash(connection, district_id, name)
        if held is not None and held != deposit.token_hash:
            raise problems.invitation_conflict()
        waiting = select(func.count()).where(invitation.c.district == district_id)
        if (
            held is None
            and connection.execute(waiting).scalar_one() >= self._settings.invitations_per_district
        ):
            raise problems.too_many()
        row = {"district": district_id, "id": name, "token_hash": deposit.token_hash, "keeper": keeper}
        new = self._database.insert(invitation).values({**row, "expires_at": deposit.expires_at})
        connection.execute(new.on_conflict_do_nothing())

    def check_token(
        self, connection: Connection, district_id: int, name: bytes, token: str, now: int
    ) -> None:
        """Raise the 404 problem unless the token opens a living invitation."""
        self._forget(connection, now)
        held = self._hash(connection, district_id, name)
        try:
            offered = sha256(bytes.fromhex(token))
        except ValueError as error:
            raise problems.not_found() from error
        if held is None or not hmac.compare_digest(held, offered):
            raise problems.not_found()

    def post(self, connection: Connection, district_id: int, name: bytes, body: bytes, now: int) -> None:
        """Keep an enrolment; raises the 413 and 429 problems."""
        if len(body) > self._settings.enrolment_bytes:
            raise problems.too_large()
        sent = select(enrolment.c.digest).where(
            enrolment.c.district == district_id, enrolment.c.invitation == name
        )
        digests = set(connection.execute(sent).scalars())
        digest = sha256(body)
        if digest in digests:
            return
        if len(digests) >= self._settings.enrolments_per_invitation:
            raise problems.too_many()
        row = {"district": district_id, "invitation": name, "digest": digest, "body": body, "stored_at": now}
        connection.execute(self._database.insert(enrolment).values(row))

    def waiting(self, connection: Connection, district_id: int, now: int) -> tuple[bytes, ...]:
        """Enrolments of living invitations, oldest first."""
        self._forget(connection, now)
        query = select(enrolment.c.body).where(enrolment.c.district == district_id)
        return tuple(connection.execute(query.order_by(enrolment.c.stored_at)).scalars())

    def _hash(self, connection: Connection, district_id: int, name: bytes) -> bytes | None:
        query = select(invitation.c.token_hash).where(
            invitation.c.district == district_id, invitation.c.id == name
        )
        return connection.execute(query).scalar_one_or_none()

    def _forget(self, connection: Connection, now: int) -> None:
        connection.execute(delete(invitation).where(invitation.c.expires_at < now))
        orphaned = ~(
            select(invitation.c.id)
            .where(invitation.c.district == enrolment.c.district, invitation.c.id == enrolment.c.invitation)
            .exists()
        )
        connection.execute(delete(enrolment).where(orphaned))
