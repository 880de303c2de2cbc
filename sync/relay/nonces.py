"""Nonces for signed requests: each good for one request of any device, for some hours.

The relay remembers only those that were used. A nonce carries its own time and a MAC under
the relay's secret, so that giving one out writes nothing: strangers cannot fill the database.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

from sqlalchemy import Connection, delete

from sync.relay import problems
from sync.relay.database import Database, secret
from sync.relay.schema import nonce_used

_TIME: Final = 6
_RANDOM: Final = 8
_MAC: Final = 10
_SIZE: Final = _TIME + _RANDOM + _MAC


class Nonces:
    """Gives nonces and takes each back once."""

    def __init__(self, database: Database, lifetime_ms: int) -> None:
        """Use the secret in the database, so that any process takes any other's nonces."""
        self._database = database
        self._secret = secret(database, b"nonce")
        self._lifetime = lifetime_ms

    def give(self, now: int) -> str:
        """A new nonce in 32 letters."""
        body = (now + self._lifetime).to_bytes(_TIME, "big") + secrets.token_bytes(_RANDOM)
        return urlsafe_b64encode(body + self._mac(body)).decode()

    def expiry(self, nonce: str, now: int) -> tuple[bytes, int]:
        """The nonce's bytes and last moment; raises the 401 problem unless it is ours and in time."""
        try:
            raw = urlsafe_b64decode(nonce.encode("ascii"))
        except ValueError as error:
            raise problems.stale_nonce() from error
        body, mac = raw[:-_MAC], raw[-_MAC:]
        expires = int.from_bytes(body[:_TIME], "big")
        if len(raw) != _SIZE or not hmac.compare_digest(mac, self._mac(body)) or expires < now:
            raise problems.stale_nonce()
        return raw, expires

    def use(self, connection: Connection, nonce: tuple[bytes, int]) -> None:
        """Mark as used within the request's own transaction; raises the 401 problem if it was."""
        raw, expires = nonce
        new = self._database.insert(nonce_used).values(nonce=raw, expires_at=expires)
        if connection.execute(new.on_conflict_do_nothing()).rowcount != 1:
            raise problems.stale_nonce()

    def _mac(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, "sha256")[:_MAC]


def forget_expired(connection: Connection, now: int) -> None:
    """Drop used nonces that are refused by their time anyhow."""
    connection.execute(delete(nonce_used).where(nonce_used.c.expires_at < now))
