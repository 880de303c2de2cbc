"""A small district on the wire: keys, rosters, channels and changes that a seed replays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import cbor2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.audience import Member
from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from sync.channel import Channel, new_channel
from sync.envelope import Envelope, read_header
from sync.roster import Device, Roster, first_roster, sign_roster, successor
from sync.sending.sealing import Place, seal_envelope
from tests.support.ports import ANNA, BEN, CORA, SINA, SeededEntropy

EXPIRES = date(2027, 11, 1)
RELAY = "https://relay.example"
MORNING_HLC = 1_793_606_400_000 << 16
SESSION = 0x1122334455667788
KEEPER, ANNAS, BENS, CORAS = 0, 1, 2, 3
"""Roster indexes of the four devices."""


def key_of(name: str) -> Ed25519PrivateKey:
    """The signing key that belongs to a name."""
    return Ed25519PrivateKey.from_private_bytes(SeededEntropy(f"identity {name}").bytes(32))


def public_of(name: str) -> bytes:
    """Its public half."""
    return key_of(name).public_key().public_bytes_raw()


def enrolled(roster: Roster, member: Member, name: str) -> Roster:
    """The next roster, with a member and one device, signed by the keeper's device."""
    device = Device(len(roster.devices), member.id, public_of(name), len(roster.devices))
    members = sorted({*roster.members, member}, key=lambda item: item.id)
    following = successor(roster, members=tuple(members), devices=(*roster.devices, device))
    return sign_roster(following, KEEPER, key_of("sina").sign)


def roster_chain() -> tuple[Roster, ...]:
    """Four versions: Sina founds the district, then Anna, Ben and Cora join."""
    first = first_roster("HSK", "Hochsauerlandkreis", EXPIRES, SINA, public_of("sina"), relays=(RELAY,))
    chain = [sign_roster(first, KEEPER, key_of("sina").sign)]
    for member, name in ((ANNA, "anna"), (BEN, "ben"), (CORA, "cora")):
        chain.append(enrolled(chain[-1], member, name))
    return tuple(chain)


@dataclass(frozen=True)
class Sender:
    """A device that seals into one channel; `send` gives the bytes and moves to the next place."""

    roster: Roster
    name: str
    index: int
    channel: Channel
    session: int = SESSION
    n: int = 1
    prev_hash: bytes = b""

    @property
    def place(self) -> Place:
        return Place(self.index, self.channel.id, self.channel.epoch, self.session, self.n, self.prev_hash)

    def seal(self, changes: list[Change]) -> bytes:
        return seal_envelope(
            changes,
            place=self.place,
            channel_key=self.channel.key,
            roster=self.roster,
            sign=key_of(self.name).sign,
            entropy=SeededEntropy(f"envelope {self.name} {self.n}"),
        )

    def after(self, envelope: Envelope) -> Sender:
        return replace(self, n=self.n + 1, prev_hash=envelope.hash)

    def read(self, changes: list[Change]) -> Envelope:
        return read_header(self.seal(changes))


def anna_sends(audience: tuple[int, ...] = (1, 3), seed: str = "channel") -> Sender:
    """Anna's device with a fresh channel to herself and Sina."""
    return Sender(roster_chain()[-1], "anna", ANNAS, new_channel(audience, 1, SeededEntropy(seed)))


@dataclass
class Writer:
    """Makes changes of one device, number after number; each save comes `pause_ms` later."""

    roster: Roster
    index: int
    session: int = SESSION
    seq: int = 0
    clock: int = MORNING_HLC

    def dot(self) -> Dot:
        self.seq += 1
        device = self.roster.device(self.index)
        assert device is not None
        return Dot(device.id, self.session, self.seq)

    def pause(self, ms: int) -> None:
        self.clock = ((self.clock >> 16) + ms) << 16

    def write(
        self,
        record_type: str,
        register: str,
        fields: Mapping[str, object],
        *,
        case: Dot | None = None,
        record: Dot | None = None,
        context: Context | None = None,
        cls: RegisterClass = RegisterClass.BASE,
        reason: str | None = None,
        case_is_own: bool = False,
    ) -> Change:
        dot = self.dot()
        self.clock += 1
        member = self.roster.member_of_device(self.index)
        assert member is not None
        return Change(
            dot=dot,
            case=dot if case_is_own else case,
            record=record or dot,
            type=record_type,
            register=register,
            cls=cls,
            value=cbor2.dumps(fields, canonical=True),
            context=context or Context(),
            hlc=self.clock,
            author=member.id,
            schema=1,
            reason=reason,
        )
