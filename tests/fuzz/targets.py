"""What is fuzzed: each reader with well-formed samples, and how a spoiled part is signed and sealed again."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import cbor2

from app.domain.dots import Context, Dot
from app.domain.orders import Order, OrderKind
from app.domain.receipt import pack_receipts, read_receipt
from app.storage.backup_file import BackupHeader, encode_front, read_front
from sync.district.roster_chain import verify_successor
from sync.encoding import wire
from sync.encoding.signing import Kind, sign_kind
from sync.envelope import CHECKPOINT, read_header
from sync.folder.manifest import Manifest, Run, read_manifest, seal_manifest, unseal_manifest, verify_manifest
from sync.layout import pack_changes
from sync.roster import decode_roster, encode_roster
from sync.rounds.exchange import Gap as AskedGap
from sync.rounds.exchange import RoundRequest, decode_answer, decode_request, encode_request
from sync.sending.sealing import open_envelope, seal_body
from sync.signed.ack import Ack, read_ack, sign_ack, verify_ack
from sync.signed.ask import Ask, GrantWish, PlaceWish, read_ask, sign_ask, verify_ask
from sync.signed.checkpoint import Part, open_part, seal_part
from sync.signed.grant import GrantFields, assemble_grant, read_grant, verify_grant
from sync.signed.order import order_content, read_order, sign_order, verify_order
from sync.signed.prekey import read_prekey, sign_prekey, verify_prekey
from sync.signed.purge import Purge, Voided, read_purge, sign_purge, verify_purge
from sync.taking.content import check_content
from tests.fuzz.mutation import altered
from tests.support.ports import SeededEntropy
from tests.support.wire import ANNAS, KEEPER, Writer, anna_sends, key_of, roster_chain
from tests.support.wire_changes import small_edits

CHAIN = roster_chain()
ROSTER = CHAIN[-1]
SENDER = anna_sends()
FOLDER_KEY = bytes(range(32))
LONG = 60.0
SHORT = 4.0
_LIMIT = 8 * 1024 * 1024


@dataclass(frozen=True)
class Target:
    """A reader. `rebuilt` gives a sample with one part spoiled, signed again so that deep layers see it."""

    name: str
    seconds: float
    samples: tuple[bytes, ...]
    take: Callable[[bytes], object]
    rebuilt: Callable[[random.Random], bytes]


def _signed_again(sample: bytes, kind: Kind, who: str) -> Callable[[random.Random], bytes]:
    """Spoil the fields of `[fields, …, signature]` and sign them anew."""

    def rebuilt(chance: random.Random) -> bytes:
        parts = wire.decode_strict(sample, limit=_LIMIT)
        parts[0] = altered(parts[0], chance)
        if chance.random() < 0.9:
            parts[-1] = sign_kind(key_of(who).sign, kind, wire.encode(parts[0]))
        return wire.encode(parts if chance.random() < 0.9 else altered(parts, chance))

    return rebuilt


def _roster() -> Target:
    def rebuilt(chance: random.Random) -> bytes:
        fields, _ = wire.decode_strict(encode_roster(ROSTER), limit=_LIMIT)
        fields = altered(fields, chance)
        return wire.encode(
            [fields, [[KEEPER, sign_kind(key_of("sina").sign, Kind.ROSTER, wire.encode(fields))]]]
        )

    def take(data: bytes) -> object:
        roster = decode_roster(data)
        verify_successor(CHAIN[-2], roster)
        return roster

    return Target("roster", LONG, tuple(map(encode_roster, CHAIN)), take, rebuilt)


def _take_envelope(data: bytes) -> object:
    opened = open_envelope(read_header(data), SENDER.channel.key, ROSTER)
    for change in opened.changes:
        check_content(change)
    return opened


def _body_sealed(body: object, kind: int = 0) -> bytes:
    return seal_body(
        wire.encode(body),
        [],
        place=SENDER.place,
        channel_key=SENDER.channel.key,
        roster=ROSTER,
        sign=key_of("anna").sign,
        entropy=SeededEntropy(1),
        kind=kind,
    )


def _envelope() -> Target:
    changes = small_edits(Writer(ROSTER, ANNAS), 12)
    sample = SENDER.seal(changes)
    resigned = _signed_again(sample, Kind.ENVELOPE, "anna")

    def rebuilt(chance: random.Random) -> bytes:
        if chance.random() < 0.3:
            return resigned(chance)
        body = pack_changes(changes, ANNAS, SENDER.session, ROSTER)
        return _body_sealed(altered(body, chance))

    return Target("envelope", LONG, (sample,), _take_envelope, rebuilt)


def _checkpoint() -> Target:
    part = Part(tuple(small_edits(Writer(ROSTER, ANNAS), 12)))
    sample = seal_part(
        part,
        place=SENDER.place,
        channel_key=SENDER.channel.key,
        roster=ROSTER,
        sign=key_of("anna").sign,
        entropy=SeededEntropy(1),
    )
    from sync.sending.sealing import open_body

    body, _suite, _key = open_body(read_header(sample), SENDER.channel.key, ROSTER)
    proof = wire.decode_strict(SENDER.seal(list(part.changes)), limit=_LIMIT)
    body[1] = [[proof[0], proof[2], [bytes(32), [part.changes[0].dot.to_bytes(), bytes(16)]]]]

    def take(data: bytes) -> object:
        found, _ = open_part(read_header(data), SENDER.channel.key, ROSTER)
        for change in found.changes:
            check_content(change)
        return found

    def rebuilt(chance: random.Random) -> bytes:
        return _body_sealed(altered(wire.decode_strict(wire.encode(body), limit=_LIMIT), chance), CHECKPOINT)

    return Target("checkpoint", LONG, (sample,), take, rebuilt)


def _grant() -> Target:
    fields = GrantFields(ROSTER.district, b"channel!", 1, (1, 3), 4, ANNAS, KEEPER, b"prekeyid", bytes(32))
    sample = assemble_grant(fields, bytes(1168), key_of("anna").sign)

    def take(data: bytes) -> object:
        return verify_grant(read_grant(data), ROSTER)

    return Target("grant", LONG, (sample,), take, _signed_again(sample, Kind.GRANT, "anna"))


def _order() -> Target:
    case = Dot(1, 2, 3)
    orders = (
        Order(OrderKind.ERASE, "client_wish", 20_000, bytes(8), frozenset({case})),
        Order(OrderKind.RESTRICT, "client_wish", 20_000, b"8bytes!!", frozenset({case, Dot(1, 2, 9)})),
    )
    samples = tuple(_signed_order(order_content(order, ROSTER)) for order in orders)

    def take(data: bytes) -> object:
        return verify_order(read_order(data), ROSTER)

    def rebuilt(chance: random.Random) -> bytes:
        content = wire.decode_strict(order_content(chance.choice(orders), ROSTER), limit=_LIMIT)
        return _signed_order(wire.encode(altered(content, chance)))

    return Target("order", LONG, samples, take, rebuilt)


def _signed_order(content: bytes) -> bytes:
    return sign_order(content, ANNAS, ROSTER, key_of("anna").sign)


def _manifest() -> Target:
    made = Manifest(
        ROSTER.district,
        ANNAS,
        ROSTER.version,
        7,
        1_700_000_000_000,
        (Run(1, b"channel!", 1, 9), Run(2, b"channel!", 3, 3)),
        (AskedGap(KEEPER, 5, b"another!", 2, 4),),
        (b"an ack", b"another"),
    )
    sealed = seal_manifest(made, FOLDER_KEY, key_of("anna").sign, SeededEntropy(2))
    fields = wire.encode([wire.decode_strict(made.content, limit=_LIMIT), bytes(64)])
    resigned = _signed_again(fields, Kind.FOLDER, "anna")

    def take(data: bytes) -> object:
        if data[:1] == b"\x84":
            return verify_manifest(unseal_manifest(data, (FOLDER_KEY,)), ROSTER)
        return verify_manifest(read_manifest(data), ROSTER)

    return Target("folder manifest", LONG, (sealed, resigned(random.Random(0))), take, resigned)


def _backup() -> Target:
    header = BackupHeader(1_700_000_000_000, 2, ROSTER.district, ANNAS, 9, bytes(400), 0, bytes(32))
    sample = encode_front(header, bytes(32))

    def take(data: bytes) -> object:
        return read_front(io.BytesIO(data))

    def rebuilt(chance: random.Random) -> bytes:
        fields = altered(dict(vars(header)), chance)
        if isinstance(fields, dict) and fields.keys() == vars(header).keys():
            return encode_front(replace(header, **fields), bytes(32))
        return encode_front(replace(header, vault=cbor2.dumps(fields)), bytes(32))

    return Target("backup", LONG, (sample,), take, rebuilt)


def _ack() -> Target:
    sample = sign_ack(
        Ack(ROSTER.district, 4, KEEPER, ANNAS, 1, b"channel!", 1, bytes(32), 1), key_of("sina").sign
    )
    resigned = _signed_again(sample, Kind.ACK, "sina")
    return Target("ack", SHORT, (sample,), lambda data: verify_ack(read_ack(data), ROSTER), resigned)


def _prekey() -> Target:
    sample = sign_prekey(ROSTER, ANNAS, bytes(1216), date(2026, 11, 2), key_of("anna").sign)
    resigned = _signed_again(sample, Kind.PREKEY, "anna")
    return Target("prekey", SHORT, (sample,), lambda data: verify_prekey(read_prekey(data), ROSTER), resigned)


def _purge() -> Target:
    places = (Voided(1, 1, bytes(32), b""), Voided(1, 2, b"x" * 32, bytes(32)))
    sample = sign_purge(Purge(ROSTER.district, 4, ANNAS, b"channel!", 1, places), key_of("anna").sign)
    resigned = _signed_again(sample, Kind.PURGE, "anna")
    return Target("purge", SHORT, (sample,), lambda data: verify_purge(read_purge(data), ROSTER), resigned)


def _ask() -> Target:
    ask = Ask(
        ROSTER.district,
        4,
        ANNAS,
        (KEEPER, 2),
        1,
        (GrantWish(KEEPER, b"channel!", 1),),
        (PlaceWish(KEEPER, 3, b"channel!", 1, 4),),
        (KEEPER,),
    )
    sample = sign_ask(ask, key_of("anna").sign)
    resigned = _signed_again(sample, Kind.ASK, "anna")
    return Target("ask", SHORT, (sample,), lambda data: verify_ask(read_ask(data), ROSTER), resigned)


def _receipt() -> Target:
    held = Context.of(Dot(1, 2, seq) for seq in (1, 2, 3, 7, 9))
    (sample,) = pack_receipts(held)

    def take(data: bytes) -> object:
        try:
            return read_receipt(data)
        except ValueError as error:  # what the port promises for anything but a receipt
            raise wire.WireError(reason="receipt") from error

    def rebuilt(chance: random.Random) -> bytes:
        return cbor2.dumps(altered(cbor2.loads(sample), chance), canonical=True)

    return Target("receipt", SHORT, (sample,), take, rebuilt)


def _exchange() -> Target:
    request = RoundRequest(3, None, (b"envelope",), (b"grant",), (), (), (), (), (bytes(32),), (), True)
    sample = encode_request(request)

    def take(data: bytes) -> object:
        decode_request(data)
        return decode_answer(data)

    def rebuilt(chance: random.Random) -> bytes:
        made: Any = altered(wire.decode_strict(sample, limit=_LIMIT), chance)
        return wire.encode(made)

    return Target("exchange", SHORT, (sample,), take, rebuilt)


_MAKERS = (
    _envelope, _grant, _roster, _order, _checkpoint, _manifest, _backup,
    _ack, _prekey, _purge, _ask, _receipt, _exchange,
)  # fmt: skip


def targets() -> dict[str, Target]:
    """Give every target by name."""
    return {target.name: target for target in (make() for make in _MAKERS)}
