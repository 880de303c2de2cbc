"""Vectors of what goes beside changes: orders, purges, asks, checkpoints, folder lists, backups."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Any, Final

from app.domain.merge import Change
from app.domain.orders import Order, OrderKind
from app.storage.backup_file import BackupHeader, encode_front
from sync.district.safe_key import make_safe_key
from sync.encoding.signing import SUITE, sha256
from sync.envelope import Envelope
from sync.folder.manifest import Manifest, Run, manifest_name, seal_manifest
from sync.layout import canonical_change
from sync.read_log.safe_seal import sign_safe_seal
from sync.roster import Roster
from sync.rounds.exchange import Gap
from sync.sending.sealing import leaf_hash, leaf_salts
from sync.signed.ask import Ask, GrantWish, PlaceWish, sign_ask
from sync.signed.checkpoint import Answer, Part, Proof, Reach, seal_part
from sync.signed.order import order_content, sign_order
from sync.signed.order_list import sign_order_list
from sync.signed.purge import Purge, Voided, sign_purge
from tests.support.ports import SeededEntropy
from tests.support.wire import ANNAS, BENS, KEEPER, MORNING_HLC, SESSION, Sender, Writer, key_of

FOLDER_KEY: Final = SeededEntropy("vector folder key").bytes(32)
BACKUP_KEY: Final = SeededEntropy("vector backup key").bytes(32)
DATABASE: Final = b"an encrypted database"
DAY: Final = 20_759


@dataclass(frozen=True)
class Sent:
    """What Anna's device has sent: its stream, two envelopes of it, and an acknowledgement for it."""

    sender: Sender
    first: Envelope
    second: Envelope
    ack: bytes

    @property
    def roster(self) -> Roster:
        return self.sender.roster


def documents(sent: Sent, mixed: list[Change]) -> dict[str, Any]:
    """Everything by name, as it stands in `vectors.json`."""
    orders = _orders(sent.roster, mixed)
    ask = _ask(sent)
    safe = make_safe_key(SeededEntropy("vector safe"))
    return {
        "orders": [item.hex() for item in orders],
        "order_list": sign_order_list(orders, sent.roster, ANNAS, key_of("anna").sign).hex(),
        "purge": sign_purge(_purge(sent), key_of("anna").sign).hex(),
        "ask": sign_ask(ask, key_of("sina").sign).hex(),
        "checkpoint": _checkpoint(sent, mixed[0], ask),
        "manifest": _manifest(sent),
        "backup": _backup(sent.roster),
        "safe": {"text": safe.text, "seal": sign_safe_seal(sent.roster.district, safe).hex()},
    }


def _orders(roster: Roster, mixed: list[Change]) -> list[bytes]:
    """An erasure that Anna and Sina have signed, and a redaction that Anna has."""
    case, edit = mixed[0].dot, mixed[1].dot
    nonce = bytes(range(8))
    erase = Order(
        OrderKind.ERASE,
        "client_wish",
        DAY,
        nonce,
        frozenset({case}),
        records=frozenset({edit._replace(seq=70_000)}),
        kept=frozenset({mixed[2].dot}),
    )
    redact = Order(OrderKind.REDACT, "wrong_value", DAY, nonce, frozenset({case}), dots=frozenset({edit}))
    content = order_content(erase, roster)
    return [
        sign_order(content, ANNAS, roster, key_of("anna").sign),
        sign_order(content, KEEPER, roster, key_of("sina").sign),
        sign_order(order_content(redact, roster), ANNAS, roster, key_of("anna").sign),
    ]


def _purge(sent: Sent) -> Purge:
    channel, roster = sent.sender.channel, sent.roster
    places = (
        Voided(SESSION, 1, sent.first.hash, b""),
        Voided(SESSION, 2, sent.second.hash, sent.first.hash),
    )
    return Purge(roster.district, roster.version, ANNAS, channel.id, channel.epoch, places)


def _ask(sent: Sent) -> Ask:
    roster, channel = sent.roster, sent.sender.channel
    return Ask(
        roster.district,
        roster.version,
        KEEPER,
        (ANNAS, BENS),
        MORNING_HLC,
        (GrantWish(ANNAS, channel.id, channel.epoch),),
        (PlaceWish(ANNAS, SESSION, channel.id, 1, 2),),
        (ANNAS,),
    )


def _checkpoint(sent: Sent, case: Change, ask: Ask) -> dict[str, Any]:
    """Anna tells Sina what Ben wrote in her case file; his own signature proves one of his two changes."""
    ben = Writer(sent.roster, BENS)
    told = ben.write("CaseFile", "concern", {"concern": "von Ben"}, case=case.dot, record=case.dot)
    other = ben.write("Contact", "belongs", {"case_file": case.dot.to_bytes()}, case=case.dot)
    part = Part((case, told), (_proof(sent, told, other),), _answer(sent, ask))
    sender = sent.sender.after(sent.first).after(sent.second)
    data = seal_part(
        part,
        place=sender.place,
        channel_key=sender.channel.key,
        roster=sent.roster,
        sign=key_of("anna").sign,
        entropy=SeededEntropy("vector checkpoint"),
    )
    changes = [canonical_change(item).hex() for item in part.changes]
    return {"part": data.hex(), "changes": changes, "proven": canonical_change(told).hex()}


def _proof(sent: Sent, told: Change, other: Change) -> Proof:
    envelope = replace(sent.sender, name="ben", index=BENS).read([told, other])
    salts = leaf_salts(SUITE, sent.sender.channel.key, envelope.header.salt16, 2)
    leaves = ((told.dot.to_bytes(), salts[0]), leaf_hash(other, salts[1]))
    return Proof(envelope.header, envelope.signature, leaves)


def _answer(sent: Sent, ask: Ask) -> Answer:
    channel = sent.sender.channel.id
    return Answer(ask.hash, 3, (Reach(7, b"another!", 4),), (Reach(SESSION, channel, 2),))


def _manifest(sent: Sent) -> dict[str, Any]:
    channel = sent.sender.channel.id
    made = Manifest(
        sent.roster.district,
        ANNAS,
        sent.roster.version,
        7,
        MORNING_HLC >> 16,
        (Run(SESSION, channel, 1, 2),),
        (Gap(KEEPER, 9, b"another!", 3, 5),),
        (sent.ack,),
    )
    sealed = seal_manifest(made, FOLDER_KEY, key_of("anna").sign, SeededEntropy("vector list"))
    name = manifest_name(FOLDER_KEY, ANNAS)
    return {"key": FOLDER_KEY.hex(), "name": name.hex(), "file": sealed.hex(), "content": made.content.hex()}


def _backup(roster: Roster) -> dict[str, Any]:
    digest = hashlib.sha256(DATABASE).digest()
    made_ms = MORNING_HLC >> 16
    header = BackupHeader(made_ms, 2, roster.district, ANNAS, 9, b"a vault file", len(DATABASE), digest)
    file = encode_front(header, BACKUP_KEY) + DATABASE
    return {"key": BACKUP_KEY.hex(), "file": file.hex(), "front_hash": sha256(file[: -len(DATABASE)]).hex()}
