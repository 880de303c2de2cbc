"""A small district with real keys, whose devices talk to a relay as the program does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import date

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.audience import Member, Role
from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.security.prekeys import generate_prekey, public_half
from sync.carriers.http import HttpCarrier
from sync.channel import Channel, make_grant, new_channel
from sync.encoding import wire
from sync.roster import (
    Device,
    DeviceState,
    Roster,
    device_id,
    encode_roster,
    first_roster,
    sign_roster,
    successor,
)
from sync.rounds.exchange import item_digest
from sync.sending.sealing import Place, seal_envelope
from sync.signed.ack import Ack, sign_ack
from sync.signed.prekey import Prekey, read_prekey, sign_prekey
from tests.support.keys import RandomBytes

TODAY = date(2026, 11, 21)
KEEPER, MANAGER, COLLEAGUE, COORDINATOR = range(4)
"""Roster indexes of the four devices; member ids are one higher."""


@dataclass
class TalkingDevice:
    """A device: its keys, one channel, one stream in it, and a way to the relay."""

    district: RelayDistrict
    index: int
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    prekey_private: bytes = field(default_factory=lambda: generate_prekey(RandomBytes()))
    session: int = field(default_factory=lambda: secrets.randbits(64))
    channel: Channel | None = None
    n: int = 0
    head: bytes = wire.NO_HASH

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def member(self) -> int:
        return self.index + 1

    def carrier(self, url: str) -> HttpCarrier:
        return HttpCarrier([url], self.district.roster.district, self.index, self.key.sign)

    def prekey(self) -> bytes:
        return sign_prekey(
            self.district.roster, self.index, public_half(self.prekey_private), TODAY, self.key.sign
        )

    def open_channel(self, *audience: TalkingDevice, epoch: int = 1) -> Channel:
        self.channel = new_channel([device.member for device in audience], epoch, RandomBytes())
        return self.channel

    def grant(self, recipient: TalkingDevice) -> bytes:
        assert self.channel is not None
        prekey: Prekey = read_prekey(recipient.prekey())
        return make_grant(
            self.channel, prekey, roster=self.district.roster, sender=self.index, sign=self.key.sign
        )

    def seal(self, text: str = "Notiz", *, n: int | None = None, prev: bytes | None = None) -> bytes:
        """The next envelope of the stream, or one at a place of the test's choice."""
        assert self.channel is not None
        place = Place(
            device=self.index,
            channel=self.channel.id,
            epoch=self.channel.epoch,
            session=self.session,
            n=self.n + 1 if n is None else n,
            prev_hash=self.head if prev is None else prev,
        )
        body = seal_envelope(
            [self._change(place.n, text)],
            place=place,
            channel_key=self.channel.key,
            roster=self.district.roster,
            sign=self.key.sign,
            entropy=RandomBytes(),
        )
        if n is None:
            self.n, self.head = place.n, item_digest(body)
        return body

    def ack(self, sender: TalkingDevice, n: int | None = None, head: bytes | None = None) -> bytes:
        """A signed word that this device has read the sender's stream."""
        assert sender.channel is not None
        ack = Ack(
            district=self.district.roster.district,
            roster_version=self.district.roster.version,
            acker=self.index,
            device=sender.index,
            session=sender.session,
            channel=sender.channel.id,
            n=sender.n if n is None else n,
            head=sender.head if head is None else head,
            hlc=1,
        )
        return sign_ack(ack, self.key.sign)

    def _change(self, seq: int, text: str) -> Change:
        dot = Dot(device_id(self.public_key), self.session, seq)
        return Change(
            dot=dot,
            case=dot,
            record=dot,
            type="contact",
            register="note",
            cls=RegisterClass.BASE,
            value=wire.encode({"note": text}),
            context=Context(),
            hlc=1_700_000_000_000 << 16,
            author=self.member,
            schema=1,
        )


class RelayDistrict:
    """A keeper, two case managers and a coordinator, one device each; rosters signed by the keeper."""

    def __init__(self, manager_key: Ed25519PrivateKey | None = None) -> None:
        self.devices = [TalkingDevice(self, index) for index in range(4)]
        if manager_key:
            self.devices[MANAGER].key = manager_key
        keeper = Member(1, "Kim Keeper", "Kreis", Role.SUPERVISOR, cleared=True)
        others = (
            Member(2, "Mia Manager", "Verband", Role.CASE_MANAGER, supervisor=1),
            Member(3, "Cem Kollege", "Verband", Role.CASE_MANAGER, supervisor=1),
            Member(4, "Kora Koordination", "Kreis", Role.COORDINATOR),
        )
        expires = TODAY.replace(year=2027)
        first = first_roster("ABC", "Musterkreis", expires, keeper, self.devices[0].public_key)
        self.rosters = [self._signed(first)]
        rows = tuple(Device(d.index, d.member, d.public_key, d.index) for d in self.devices[1:])
        self.take(members=(keeper, *others), devices=(*first.devices, *rows))

    @property
    def roster(self) -> Roster:
        return self.rosters[-1]

    def take(self, **changes: object) -> bytes:
        """The next roster with other fields, signed; gives its bytes."""
        self.rosters.append(self._signed(successor(self.roster, **changes)))
        return encode_roster(self.roster)

    def suspend(self, index: int) -> bytes:
        """The next roster, in which a device is suspended."""
        rows = tuple(
            replace(device, state=DeviceState.SUSPENDED) if device.index == index else device
            for device in self.roster.devices
        )
        return self.take(devices=rows)

    def enrol(self, role: Role = Role.CASE_MANAGER) -> TalkingDevice:
        """One more member with a device; the next roster names both."""
        device = TalkingDevice(self, len(self.devices))
        self.devices.append(device)
        member = Member(device.member, "Nele Neu", "Verband", role)
        row = Device(device.index, device.member, device.public_key, device.index)
        self.take(members=(*self.roster.members, member), devices=(*self.roster.devices, row))
        return device

    def open_at(self, url: str) -> None:
        """Post the rosters to a relay."""
        keeper = self.devices[KEEPER].carrier(url)
        keeper.put_rosters(map(encode_roster, self.rosters))
        keeper.close()

    def _signed(self, roster: Roster) -> Roster:
        return sign_roster(roster, 0, self.devices[0].key.sign)
