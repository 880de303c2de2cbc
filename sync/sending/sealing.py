"""Changes into envelopes and back: the only way in which a change leaves or enters a device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from app.domain.merge import Change
from sync.encoding import wire
from sync.encoding.compression import compress, decompress, fits_compressed
from sync.encoding.signing import (
    SUITE,
    Entropy,
    Kind,
    Sign,
    Suite,
    key_commitment,
    sha256,
    sign_kind,
    suite_of,
)
from sync.envelope import CHECKPOINT, Envelope, Header, Seen, header_row, verify_envelope
from sync.errors import LacksGrantError, WrongCommitmentError, WrongContentError, WrongSizeError
from sync.layout import canonical_change, pack_changes, unpack_changes
from sync.roster import Roster

ROOT_TAG: Final = b"kim-mobil/changes-root/1"
_OVERHEAD: Final = 800
"""Header with four heads seen, signature, tag: what of `ENVELOPE_LIMIT` the padded body may not fill."""


@dataclass(frozen=True)
class Place:
    """Where an envelope stands: device by roster index, its stream, and the hash of the envelope before.

    A session's first envelope in a channel names the last head of the session before, `wire.NO_HASH`
    in a new channel.
    """

    device: int
    channel: bytes
    epoch: int
    session: int
    n: int
    prev_hash: bytes


@dataclass(frozen=True)
class OpenedEnvelope:
    """What an envelope held, in the order of its sealing; `salts` prove each change by itself later."""

    changes: tuple[Change, ...]
    header: Header
    hash: bytes
    salts: tuple[bytes, ...]


def seal_envelope(
    changes: Sequence[Change],
    *,
    place: Place,
    channel_key: bytes,
    roster: Roster,
    sign: Sign,
    entropy: Entropy,
    seen: Sequence[Seen] = (),
    suite: Suite = SUITE,
) -> bytes:
    """Give the bytes of an envelope with these changes; `seen` holds up to four heads of other streams.

    Raises WrongSizeError over 64 KiB (see `fit_changes`), WireError or WrongDotError for changes that
    a recipient would refuse.
    """
    body = _body(changes, place, roster)
    return seal_body(
        body,
        changes,
        place=place,
        channel_key=channel_key,
        roster=roster,
        sign=sign,
        entropy=entropy,
        seen=seen,
        suite=suite,
    )


def seal_body(  # noqa: PLR0913 - all by name, one caller for each kind
    body: bytes,
    changes: Sequence[Change],
    *,
    place: Place,
    channel_key: bytes,
    roster: Roster,
    sign: Sign,
    entropy: Entropy,
    seen: Sequence[Seen] = (),
    suite: Suite = SUITE,
    kind: int = 0,
) -> bytes:
    """Give the bytes of an envelope of a kind around an encoded body; `changes` are those in it, in order.

    Raises WrongSizeError over 64 KiB.
    """
    salt16 = entropy.bytes(wire.SALT_BYTES)
    salts = leaf_salts(suite, channel_key, salt16, len(changes))
    header = replace(
        _header(place, channel_key, roster, suite),
        salt16=salt16,
        seen=tuple(seen)[: wire.SEEN_LIMIT],
        changes_root=changes_root(changes, salts),
        kind=kind,
    )
    padded = compress(body)
    ciphertext = suite.seal(_envelope_key(suite, channel_key, header), padded, header.aad)
    header = replace(header, body_hash=sha256(ciphertext))
    signature = sign_kind(sign, Kind.CHECKPOINT if kind == CHECKPOINT else Kind.ENVELOPE, header.content)
    data = wire.encode([header_row(header), ciphertext, signature])
    if len(data) > wire.ENVELOPE_LIMIT:
        raise WrongSizeError(size=len(data), limit=wire.ENVELOPE_LIMIT)
    return data


def open_envelope(
    envelope: Envelope, channel_key: bytes | None, roster: Roster, *, vouched: bool = False
) -> OpenedEnvelope:
    """Give the changes of an envelope that was read by `read_header`.

    Verifies first, and unfolds nothing before it is sure who sealed it; raises HeldError when
    something is missing (`channel_key` None: no grant yet), QuarantinedError when something is wrong.
    `vouched`: see `verify_envelope`.
    """
    body, suite, key = open_body(envelope, channel_key, roster, vouched=vouched)
    header = envelope.header
    changes = unpack_changes(body, header.device, header.session, roster, header.roster_version)
    return check_opened(envelope, changes, suite, key)


def check_opened(
    envelope: Envelope, changes: Sequence[Change], suite: Suite, channel_key: bytes
) -> OpenedEnvelope:
    """Give what an envelope held; raises WrongContentError unless its header names exactly these changes."""
    header = envelope.header
    salts = leaf_salts(suite, channel_key, header.salt16, len(changes))
    if changes_root(changes, salts) != header.changes_root:
        raise WrongContentError(reason="changes_root")
    return OpenedEnvelope(tuple(changes), header, envelope.hash, salts)


def open_body(
    envelope: Envelope, channel_key: bytes | None, roster: Roster, *, vouched: bool = False
) -> tuple[Any, Suite, bytes]:
    """Give the decoded body of an envelope of any kind, with suite and key; raises as `open_envelope`."""
    verify_envelope(envelope, roster, vouched=vouched)
    header = envelope.header
    if not channel_key:
        raise LacksGrantError
    if key_commitment(channel_key) != header.key_commitment:
        raise WrongCommitmentError
    suite = suite_of(header.suite)
    padded = suite.open(_envelope_key(suite, channel_key, header), envelope.ciphertext, header.aad)
    if padded is None:
        raise WrongContentError(reason="ciphertext")
    return wire.decode_strict(decompress(padded), limit=wire.BODY_LIMIT), suite, channel_key


def fit_changes(
    changes: Sequence[Change],
    *,
    device: int,
    session: int,
    roster: Roster,
    too_large: list[Change] | None = None,
) -> tuple[tuple[Change, ...], ...]:
    """Cut changes, in their order, into parts of which each fits one envelope.

    One that does not fit alone goes to `too_large`; raises WrongSizeError where no such list is given.
    """
    if not changes:
        return ()
    if _fits(changes, device, session, roster):
        return (tuple(changes),)
    if len(changes) == 1 and too_large is not None:
        too_large += changes
        return ()
    if len(changes) == 1:
        raise WrongSizeError(size=len(changes[0].value), limit=wire.ENVELOPE_LIMIT)
    half = len(changes) // 2
    cut = partial(fit_changes, device=device, session=session, roster=roster, too_large=too_large)
    return cut(changes[:half]) + cut(changes[half:])


def leaf_salts(suite: Suite, channel_key: bytes, salt16: bytes, count: int) -> tuple[bytes, ...]:
    """Give the salt of each change of an envelope: whoever holds one can be shown that change's leaf only."""
    info = b"leaf" + salt16
    return tuple(
        suite.derive(channel_key, info + number.to_bytes(4, "big"), wire.HASH_BYTES)[: wire.SALT_BYTES]
        for number in range(count)
    )


def leaf_hash(change: Change, salt: bytes) -> bytes:
    """Give the salted hash of one change."""
    return sha256(salt + canonical_change(change))


def changes_root(changes: Sequence[Change], salts: Sequence[bytes]) -> bytes:
    """Give the hash over the salted hashes of the changes, in their order."""
    return sha256(ROOT_TAG + b"".join(map(leaf_hash, changes, salts)))


def _header(place: Place, channel_key: bytes, roster: Roster, suite: Suite) -> Header:
    """Give the header of an envelope at `place`, before salt and hashes of its content are known."""
    return Header(
        v=wire.WIRE_VERSION,
        suite=suite.id,
        district=roster.district,
        device=place.device,
        channel=place.channel,
        epoch=place.epoch,
        session=place.session,
        n=place.n,
        prev_hash=place.prev_hash,
        roster_version=roster.version,
        key_commitment=key_commitment(channel_key),
        salt16=bytes(wire.SALT_BYTES),
        seen=(),
        body_hash=bytes(wire.HASH_BYTES),
        changes_root=bytes(wire.HASH_BYTES),
    )


def _body(changes: Sequence[Change], place: Place, roster: Roster) -> bytes:
    body = wire.encode(pack_changes(changes, place.device, place.session, roster))
    # What every recipient would refuse must not leave: a sealed envelope can't be taken back.
    decoded = wire.decode_strict(body, limit=wire.BODY_LIMIT)
    if unpack_changes(decoded, place.device, place.session, roster, roster.version) != list(changes):
        raise wire.WireError(reason="not_reproduced")
    return body


def _fits(changes: Sequence[Change], device: int, session: int, roster: Roster) -> bool:
    if sum(len(change.context) for change in changes) > wire.CONTEXT_LIMIT:
        return False
    body = wire.encode(pack_changes(changes, device, session, roster))
    return len(body) <= wire.BODY_LIMIT and fits_compressed(body, wire.ENVELOPE_LIMIT - _OVERHEAD)


def _envelope_key(suite: Suite, channel_key: bytes, header: Header) -> bytes:
    place = header.device.to_bytes(4, "big") + header.session.to_bytes(8, "big") + header.n.to_bytes(8, "big")
    return suite.derive(channel_key, header.salt16 + place, wire.CHANNEL_KEY_BYTES)
