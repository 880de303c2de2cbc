"""A checkpoint: the state of case files, told by somebody who may carry others' changes too.

Each part is an envelope of its own in the sender's ordinary stream; its header names its kind, its
signature has a tag of its own. Body `[columns, proofs, answer]`. A proof is the header and signature of
an envelope that a change was first sent in, with the hash of every change in it: it shows that its
author wrote it, without the ciphertext.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from app.domain.dots import Context, Dot
from app.domain.merge import Change
from sync.encoding import wire
from sync.encoding.compression import fits_compressed
from sync.encoding.signing import Entropy, Sign, sha256
from sync.encoding.wire import array, blob, integer
from sync.envelope import CHECKPOINT, Envelope, Header, header_row, read_header_row, verify_signed_header
from sync.layout import pack_state, unpack_state
from sync.roster import DeviceState, Roster
from sync.sending.sealing import (
    ROOT_TAG,
    OpenedEnvelope,
    Place,
    check_opened,
    leaf_hash,
    open_body,
    seal_body,
)

MOST_PROOFS: Final = 1024
PROOF_ROOM: Final = wire.ENVELOPE_LIMIT * 3 // 4
"""Bytes of proofs in one part. Hashes cannot be compressed."""
MOST_CHANGES: Final = 1024
"""Changes in one part that is sealed here: the proof of a fuller one would fit no other part."""
MOST_LEAVES: Final = 1 << 14
MOST_READS: Final = 4096
_PARTS: Final = 3
_OVERHEAD: Final = 800
_ROOM: Final = 96 * 1024
"""Bytes of values with which a part is first tried: what is larger is cut in two until it fits."""

Leaf = bytes | tuple[bytes, bytes]
"""The hash of a change (32 bytes), or the bytes of its dot and its salt (16)."""


class Reach(NamedTuple):
    """How far a stream reaches: envelopes up to `n`."""

    session: int
    channel: bytes
    n: int


@dataclass(frozen=True)
class Proof:
    """Header and signature of an envelope, and a leaf for each change in it, in order."""

    header: Header
    signature: bytes
    leaves: tuple[Leaf, ...]

    @property
    def fits(self) -> bool:
        """Whether there is room for it in a part, beside a change that it shows."""
        return len(wire.encode(self.row)) <= PROOF_ROOM

    @property
    def row(self) -> list[Any]:
        """The proof as it stands on the wire, and in the store."""
        leaves = [leaf if isinstance(leaf, bytes) else list(leaf) for leaf in self.leaves]
        return [header_row(self.header), self.signature, leaves]


@dataclass(frozen=True)
class Answer:
    """Stands in the last part: the ask it answers, and the first part's place in this stream.

    `read`: how far the teller has read the asker's own streams. `told`: the teller's streams to the asker,
    of which everything up to there is contained in the state or in what the teller told before.
    """

    ask: bytes
    first: int
    read: tuple[Reach, ...] = ()
    told: tuple[Reach, ...] = ()


@dataclass(frozen=True)
class Part:
    """One part of a state, each standing alone."""

    changes: tuple[Change, ...] = ()
    proofs: tuple[Proof, ...] = ()
    answer: Answer | None = None


Proofs = Callable[[Sequence[Change]], tuple[Proof, ...]]
"""What proves changes that stand in one part."""


def _no_proofs(_changes: Sequence[Change]) -> tuple[Proof, ...]:
    return ()


def seal_part(
    part: Part, *, place: Place, channel_key: bytes, roster: Roster, sign: Sign, entropy: Entropy
) -> bytes:
    """Give the bytes of a part; raises WrongSizeError when it does not fit (see `fit_state`)."""
    return seal_body(
        _body(part, place.device, place.session, roster),
        part.changes,
        place=place,
        channel_key=channel_key,
        roster=roster,
        sign=sign,
        entropy=entropy,
        kind=CHECKPOINT,
    )


def open_part(
    envelope: Envelope, channel_key: bytes | None, roster: Roster, *, vouched: bool = False
) -> tuple[Part, OpenedEnvelope]:
    """Give a part as sent, and what proves it; raises as `open_envelope`. Proofs are only read here."""
    body, suite, key = open_body(envelope, channel_key, roster, vouched=vouched)
    columns, proofs, answer = array(body, _PARTS)
    header = envelope.header
    changes: list[Change] = []
    if array(columns):
        changes = unpack_state(columns, header.device, header.session, roster, header.roster_version)
    part = Part(
        tuple(changes),
        tuple(read_proof(row) for row in array(proofs, most=MOST_PROOFS)),
        _answer(array(answer)),
    )
    return part, check_opened(envelope, changes, suite, key)


def read_proof(value: object) -> Proof:
    """Read a proof; checks its form only."""
    row, signature, leaves = array(value, _PARTS)
    read = tuple(_leaf(item) for item in array(leaves, most=MOST_LEAVES))
    return Proof(read_header_row(row), blob(signature, wire.SIGNATURE_BYTES), read)


def proven_by(proof: Proof, known: Mapping[bytes, tuple[Change, ...]], roster: Roster) -> tuple[Change, ...]:
    """Give the changes that a proof shows to be their author's; raises when its signature is wrong.

    None of them when their author's computer was suspended and the place is not among what counts of it.
    """
    device = verify_signed_header(proof.header, proof.signature, roster)
    counts = device.state is DeviceState.ACTIVE or _before_end(proof.header, device.accepted)
    return signed_by(proof, known, roster) if counts else ()


def signed_by(proof: Proof, known: Mapping[bytes, tuple[Change, ...]], roster: Roster) -> tuple[Change, ...]:
    """Give the changes that a proof shows to be signed by its computer, suspended or not.

    `known`: the changes at hand by the bytes of their dot. None of them when one is lacking, or when
    the hashes do not make the signed root: then nothing is shown. Raises when the signature is wrong.
    """
    device = verify_signed_header(proof.header, proof.signature, roster)
    hashes: list[bytes] = []
    shown: list[Change] = []
    for leaf in proof.leaves:
        if isinstance(leaf, bytes):
            hashes.append(leaf)
            continue
        found = known.get(leaf[0], ())
        if len(found) != 1 or found[0].dot.device != device.id:
            return ()
        hashes.append(leaf_hash(found[0], leaf[1]))
        shown.append(found[0])
    return tuple(shown) if sha256(ROOT_TAG + b"".join(hashes)) == proof.header.changes_root else ()


def proof_for(
    proof: Proof, wanted: Iterable[Dot], known: Mapping[bytes, tuple[Change, ...]], roster: Roster
) -> Proof | None:
    """Give a stored proof as it is sent: salts for `wanted` changes of its sender, hashes for the others.

    None when it shows none of them, or a change that it needs is not at hand any more.
    """
    maker = roster.device(proof.header.device)
    inside = {leaf[0] for leaf in proof.leaves if not isinstance(leaf, bytes)}
    named = {dot.to_bytes() for dot in wanted if maker is not None and dot.device == maker.id} & inside
    if not named:
        return None
    leaves: list[Leaf] = []
    for leaf in proof.leaves:
        if isinstance(leaf, bytes) or leaf[0] in named:
            leaves.append(leaf)
            continue
        found = known.get(leaf[0], ())
        if len(found) != 1:
            return None
        leaves.append(leaf_hash(found[0], leaf[1]))
    return Proof(proof.header, proof.signature, tuple(leaves))


def superseded_within(changes: Sequence[Change]) -> frozenset[bytes]:
    """Give the digests of the changes that another of the same part and register covers.

    They come along because later entries are read by them: who made a record, who was ever assigned.
    """
    covered: dict[tuple[Dot, str], Context] = {}
    for change in changes:
        at = (change.record, change.register)
        covered[at] = covered.get(at, Context()) | change.context
    return frozenset(
        change.digest for change in changes if change.dot in covered[change.record, change.register]
    )


def fit_state(
    changes: Sequence[Change],
    *,
    device: int,
    session: int,
    roster: Roster,
    too_large: list[Change],
    proofs: Proofs = _no_proofs,
) -> Iterator[tuple[Change, ...]]:
    """Cut changes, sorted by record, into parts of which each fits one envelope, with its `proofs`.

    Records stay whole where they fit; a change that does not fit alone goes to `too_large`.
    """
    group: list[Change] = []
    size = 0
    fits = partial(_fits, device=device, session=session, roster=roster, proofs=proofs)
    cut = partial(_halves, fits=fits, too_large=too_large)
    for record in _records(changes):
        if group and size > _ROOM:
            yield from cut(group)
            group, size = [], 0
        group += record
        size += sum(len(change.value) + 16 * len(change.context.spans) for change in record)
    if group:
        yield from cut(group)


def fit_proofs(proofs: Iterable[Proof]) -> Iterator[tuple[Proof, ...]]:
    """Cut proofs into parts of which each fits one envelope."""
    group: list[Proof] = []
    size = 0
    for proof in proofs:
        length = len(wire.encode(proof.row))
        if group and (size + length > PROOF_ROOM or len(group) == MOST_PROOFS):
            yield tuple(group)
            group, size = [], 0
        group.append(proof)
        size += length
    if group:
        yield tuple(group)


def _halves(
    changes: Sequence[Change], *, fits: Callable[[Sequence[Change]], bool], too_large: list[Change]
) -> Iterator[tuple[Change, ...]]:
    if fits(changes):
        yield tuple(changes)
        return
    if len(changes) == 1:
        too_large += changes
        return
    middle = len(changes) // 2
    ends = [at for at in range(1, len(changes)) if changes[at].record != changes[at - 1].record]
    at = min(ends, key=lambda end: abs(end - middle), default=middle)
    for half in (changes[:at], changes[at:]):
        yield from _halves(half, fits=fits, too_large=too_large)


def _fits(changes: Sequence[Change], *, device: int, session: int, roster: Roster, proofs: Proofs) -> bool:
    if sum(len(change.context) for change in changes) > wire.CONTEXT_LIMIT:
        return False
    shown = proofs(changes)
    if len(changes) > MOST_CHANGES or len(shown) > MOST_PROOFS:
        return False
    body = _body(Part(tuple(changes), shown), device, session, roster)
    return len(body) <= wire.BODY_LIMIT and fits_compressed(body, wire.ENVELOPE_LIMIT - _OVERHEAD)


def _records(changes: Sequence[Change]) -> Iterator[list[Change]]:
    record: list[Change] = []
    for change in changes:
        if record and record[0].record != change.record:
            yield record
            record = []
        record.append(change)
    if record:
        yield record


def _body(part: Part, device: int, session: int, roster: Roster) -> bytes:
    columns = pack_state(part.changes, device, session, roster) if part.changes else []
    return wire.encode([columns, [proof.row for proof in part.proofs], _answer_row(part.answer)])


def _before_end(header: Header, accepted: Iterable[Any]) -> bool:
    """Tell whether an envelope lies before the last one that still counts of a suspended device's stream.

    Its own hash is not at hand, so that the last one itself is not shown by a proof.
    """
    return any(
        (end.session, end.channel) == (header.session, header.channel) and header.n < end.n
        for end in accepted
    )


def _answer_row(answer: Answer | None) -> list[Any]:
    if answer is None:
        return []
    reads, told = ([list(item) for item in items] for items in (answer.read, answer.told))
    return [answer.ask, answer.first, reads, told]


def _answer(row: list[Any]) -> Answer | None:
    if not row:
        return None
    ask, first, read, told = array(row, 4)
    return Answer(
        blob(ask, wire.HASH_BYTES),
        integer(first, low=1, high=wire.U63),
        tuple(_reach(item) for item in array(read, most=MOST_READS)),
        tuple(_reach(item) for item in array(told, most=MOST_READS)),
    )


def _reach(value: object) -> Reach:
    session, channel, n = array(value, 3)
    return Reach(
        integer(session, high=wire.U64), blob(channel, wire.CHANNEL_BYTES), integer(n, low=1, high=wire.U63)
    )


def _leaf(value: object) -> Leaf:
    if type(value) is bytes:
        return blob(value, wire.HASH_BYTES)
    dot, salt = array(value, 2)
    try:
        Dot.from_bytes(blob(dot))
    except ValueError as error:
        raise wire.WireError(reason="dot") from error
    # In the store a change that an order took has its hash in place of its salt.
    return salt if len(blob(salt, wire.SALT_BYTES, wire.HASH_BYTES)) == wire.HASH_BYTES else (dot, salt)
