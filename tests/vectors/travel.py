"""Vectors of one exchange with the relay, and of the log of reads."""

from __future__ import annotations

from typing import Any, Final

from app.domain.dots import Dot
from app.security.prekeys import generate_prekey, public_half
from app.services.read_log import ReadNote
from sync.channel import X_WING
from sync.encoding.signing import sha256
from sync.envelope import Envelope
from sync.read_log.documents import Recipient, make_log_key, seal_notes, seal_shares, shares_info
from sync.roster import SAFE
from sync.rounds.exchange import (
    Cursor,
    Delivery,
    Gap,
    Kind,
    Listed,
    RoundAnswer,
    RoundRequest,
    Run,
    Status,
    StatusCode,
    encode_answer,
    encode_request,
    runs_digest,
)
from tests.support.ports import SeededEntropy
from tests.support.wire import ANNAS, BENS, KEEPER, MORNING_HLC

CASE: Final = Dot(1, 2, 3)
NOTES: Final = (
    ReadNote(CASE, "HSK-2026-0000-Y", "read", MORNING_HLC >> 16),
    ReadNote(CASE, "HSK-2026-0000-Y", "print", (MORNING_HLC >> 16) + 60_000),
)


def exchange(envelopes: tuple[Envelope, ...], grant: bytes, ack: bytes, prekey: bytes) -> dict[str, Any]:
    """Give a request in which every field is filled, and such an answer."""
    first, second = envelopes
    header = second.header
    run = Run(header.session, header.channel, 1, header.n, second.hash)
    gap = Gap(BENS, 7, bytes(range(8)), 2, 5)
    request = RoundRequest(
        roster_version=header.roster_version,
        cursor=Cursor(40, sha256(b"cursor")),
        envelopes=(first.data, second.data),
        grants=(grant,),
        acks=(ack,),
        prekeys=(prekey,),
        wanted=(sha256(b"wanted"),),
        gaps=(gap,),
        inventory_only=True,
        own_inventory=True,
        budget=65_536,
    )
    answer = RoundAnswer(
        time=MORNING_HLC >> 16,
        own_digest=runs_digest((run,)),
        roster_version=header.roster_version,
        cursor=Cursor(41, sha256(b"next")),
        more=True,
        statuses=(Status(StatusCode.STORED), Status(StatusCode.KNOWN), Status(StatusCode.REFUSED, "quota")),
        deliveries=(Delivery(41, Kind.ACK, ack),),
        absent=(sha256(b"wanted"),),
        inventory=(Listed(42, Kind.GRANT, sha256(grant), len(grant)),),
        own_runs=(run,),
        own_items=4,
    )
    return {"request": encode_request(request).hex(), "answer": encode_answer(answer).hex()}


def read_log(district: bytes) -> dict[str, Any]:
    """Give a log key for two keepers and the key in the safe, entries under it, and a share passed on."""
    privates = {
        index: generate_prekey(SeededEntropy(f"vector log {index}")) for index in (SAFE, KEEPER, BENS)
    }
    recipients = [
        Recipient(index, index, b"" if index == SAFE else bytes([index] * 8), public_half(private))
        for index, private in privates.items()
    ]
    key, secret = make_log_key(recipients, district, SeededEntropy("vector log key"), X_WING)
    opening, record = Dot(4, 5, 6), Dot(7, 8, 9)
    info = shares_info(district, opening, KEEPER, BENS)
    shares = seal_shares(
        {record: sha256(b"share")}, info, public_half(privates[BENS]), SeededEntropy("vector share"), X_WING
    )
    return {
        "privates": {str(index): private.hex() for index, private in privates.items()},
        "key": key.hex(),
        "secret": secret.hex(),
        "entries": seal_notes(NOTES, secret, SeededEntropy("vector entries")).hex(),
        "opening": opening.to_bytes().hex(),
        "record": record.to_bytes().hex(),
        "agreement": shares.hex(),
        "share": sha256(b"share").hex(),
        "writer": ANNAS,
    }
