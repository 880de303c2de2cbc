"""To what shares are sealed for the key in the safe: published at set-up, signed by that key itself."""

from __future__ import annotations

from app.domain.declarations import SAFE_SEAL
from app.domain.records import new_record
from app.services.ports import Queries, UnitOfWork
from sync.district.safe_key import SafeKey
from sync.encoding import wire
from sync.encoding.signing import SUITE, Kind, check_signature, sign_kind
from sync.encoding.wire import array, blob
from sync.errors import ReadingError
from sync.roster import Roster

_LIMIT = 4 * 1024


def put_safe_seal(records: UnitOfWork, district: bytes, key: SafeKey) -> None:
    """Publish where to seal to for a key that was just made or typed."""
    records.save(None, new_record(SAFE_SEAL, safe_seal=sign_safe_seal(district, key)))


def sign_safe_seal(district: bytes, key: SafeKey) -> bytes:
    """Give the document that says where to seal to."""
    content = _content(district, key.seal_public)
    return wire.encode([key.seal_public, sign_kind(key.sign, Kind.SAFE_SEAL, content)])


def safe_public(records: Queries, roster: Roster) -> bytes | None:
    """Give where to seal to for the key that the roster names, or None while that is not known."""
    if roster.offline_key is None:
        return None
    for record in records.records(SAFE_SEAL.name, None):
        document = record.values.get("safe_seal")
        public = verified_safe_seal(document, roster) if isinstance(document, bytes) else None
        if public is not None:
            return public
    return None


def verified_safe_seal(document: bytes, roster: Roster) -> bytes | None:
    """Give where to seal to if the roster's key in the safe signed it, else None."""
    try:
        public, signature = array(wire.decode_strict(document, limit=_LIMIT), 2)
        content = _content(roster.district, blob(public, wire.PREKEY_PUBLIC_BYTES))
        check_signature(SUITE, roster.offline_key or b"", Kind.SAFE_SEAL, content, blob(signature))
    except ReadingError:
        return None
    return bytes(public)


def _content(district: bytes, public: bytes) -> bytes:
    return wire.encode([wire.WIRE_VERSION, SUITE.id, district, public])
