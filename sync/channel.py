"""Granting the key of a channel by HPKE: the one place of sync that needs the post-quantum key agreement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from app.security import prekeys
from app.security.errors import PrekeyMalformedError, SealBrokenError
from sync.encoding import wire
from sync.encoding.signing import Entropy, Sign, key_commitment
from sync.errors import WrongCommitmentError, WrongContentError, WrongRecipientError
from sync.roster import Roster
from sync.signed.grant import Grant, GrantFields, assemble_grant
from sync.signed.prekey import Prekey


class KeyAgreement(Protocol):
    """Sealing to a public prekey; a simulation may bring a cheap one."""

    def seal(self, public: bytes, info: bytes, plaintext: bytes) -> bytes:
        """Seal to a public prekey, bound to `info`."""
        ...

    def open_sealed(self, private: bytes, info: bytes, sealed: bytes) -> bytes:
        """Open with the private half; raises SealBrokenError or PrekeyMalformedError."""
        ...


class XWing:
    """HPKE MLKEM768-X25519 / HKDF-SHA256 / AES-256-GCM of suite 1."""

    seal = staticmethod(prekeys.seal)
    open_sealed = staticmethod(prekeys.open_sealed)


X_WING: Final[KeyAgreement] = XWing()


def unsealed(agreement: KeyAgreement, private: bytes, info: bytes, sealed: bytes) -> bytes | None:
    """Give what was sealed to a prekey, or None when it was not sealed to this one, or altered."""
    try:
        return agreement.open_sealed(private, info, sealed)
    except (SealBrokenError, PrekeyMalformedError):
        return None


@dataclass(frozen=True)
class Channel:
    """A sender's channel to a set of members: `audience` in ascending order, `key` 32 bytes for one epoch."""

    id: bytes
    epoch: int
    audience: tuple[int, ...]
    key: bytes


def new_channel(audience: Iterable[int], epoch: int, entropy: Entropy) -> Channel:
    """Give a new channel with random name and key."""
    name = entropy.bytes(wire.CHANNEL_BYTES)
    return Channel(name, epoch, tuple(sorted(audience)), entropy.bytes(wire.CHANNEL_KEY_BYTES))


def next_epoch(channel: Channel, entropy: Entropy) -> Channel:
    """Give the channel with the next epoch's key: every 30 days, or at once when a recipient is suspended."""
    return replace(channel, epoch=channel.epoch + 1, key=entropy.bytes(wire.CHANNEL_KEY_BYTES))


def make_grant(
    channel: Channel,
    prekey: Prekey,
    *,
    roster: Roster,
    sender: int,
    sign: Sign,
    agreement: KeyAgreement = X_WING,
) -> bytes:
    """Give the bytes of a grant of the channel's key to the owner of a verified prekey.

    `sender`: roster index. Raises WrongRecipientError when the owner is not in the audience.
    """
    owner = roster.device(prekey.device)
    if owner is None or owner.member not in channel.audience:
        raise WrongRecipientError
    fields = GrantFields(
        district=roster.district,
        channel=channel.id,
        epoch=channel.epoch,
        audience=channel.audience,
        roster_version=roster.version,
        sender=sender,
        recipient=prekey.device,
        prekey=prekey.id,
        key_commitment=key_commitment(channel.key),
        suite=prekey.suite,
    )
    return assemble_grant(fields, agreement.seal(prekey.public, fields.info, channel.key), sign)


def open_grant(grant: Grant, prekey_private: bytes, agreement: KeyAgreement = X_WING) -> bytes:
    """Give the channel key of a verified grant; raises WrongContentError or WrongCommitmentError."""
    try:
        key = agreement.open_sealed(prekey_private, grant.fields.info, grant.sealed)
    except (SealBrokenError, PrekeyMalformedError) as error:
        raise WrongContentError(reason="sealed_key") from error
    if len(key) != wire.CHANNEL_KEY_BYTES or key_commitment(key) != grant.fields.key_commitment:
        raise WrongCommitmentError
    return key
