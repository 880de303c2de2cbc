"""What this device brings to one exchange, computed from its own store and the relay's own word."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.domain.dots import next_hlc
from app.services.mailbox import DueAck, OutGrant, OutPurge, OwnPrekey, SealedEnvelope, StreamGap
from app.services.numbers import forget_block
from sync.encoding.signing import sha256
from sync.engine import Engine
from sync.ports import Post
from sync.rounds.exchange import (
    MAX_ENVELOPES,
    MAX_GAPS,
    MAX_OTHERS,
    MAX_PURGES,
    Gap,
    RoundAnswer,
    Status,
    StatusCode,
)
from sync.signed.ack import Ack, sign_ack
from sync.signed.purge import read_purge
from sync.taking.asking import standing_ask

_LOST = "own_lost"
_ITEMS = "own_items"
_KEPT = frozenset({StatusCode.STORED, StatusCode.CONFLICT})
_TAKEN = frozenset({StatusCode.STORED, StatusCode.KNOWN})


@dataclass(frozen=True)
class Offer:
    """Items in the order in which the relay answers for them; `acks`: what is due, and its bytes."""

    envelopes: tuple[SealedEnvelope, ...]
    grants: tuple[OutGrant, ...]
    acks: tuple[tuple[DueAck, bytes], ...]
    prekeys: tuple[OwnPrekey, ...]
    asks: tuple[bytes, ...]
    gaps: tuple[Gap, ...]
    purges: tuple[OutPurge, ...] = ()

    @property
    def size(self) -> int:
        """Bytes of all items."""
        return sum(len(item) for item in self.bodies)

    @property
    def bodies(self) -> tuple[bytes, ...]:
        """The items' bytes, in the order of the statuses."""
        return (
            *(item.sealed or b"" for item in self.envelopes),
            *(grant.sealed for grant in self.grants),
            *(sealed for _, sealed in self.acks),
            *(prekey.signed for prekey in self.prekeys),
            *self.asks,
            *(purge.sealed for purge in self.purges),
        )


def make_offer(engine: Engine, post: Post, budget: int, refused: Collection[bytes]) -> Offer:
    """Give what the relay lacks, oldest first; what it `refused` (hashes) waits for the next round."""
    few = MAX_ENVELOPES + len(refused)
    unsent = [item for item in post.out.unsent(few) if item.digest not in refused]
    grants = [item for item in post.keys.unsent_grants() if item.digest not in refused]
    return Offer(
        _within(unsent, budget),
        tuple(grants[:MAX_OTHERS]),
        tuple((due, sign_due(engine, due)) for due in post.into.due_acks()[:MAX_OTHERS]),
        _prekeys(post, refused),
        _asks(post, refused),
        open_gaps(engine, post),
        _unsent_purges(post, refused)[:MAX_PURGES],
    )


def has_more(post: Post, refused: Collection[bytes]) -> bool:
    """Tell whether something sealed or granted still waits for an exchange."""
    envelopes = any(item.digest not in refused for item in post.out.unsent_places())
    others = bool(_unsent_purges(post, refused) or _asks(post, refused) or _prekeys(post, refused))
    return envelopes or others or any(grant.digest not in refused for grant in post.keys.unsent_grants())


def take_statuses(
    post: Post, offer: Offer, statuses: Sequence[Status]
) -> tuple[set[bytes], list[SealedEnvelope]]:
    """Note what the relay took; gives the hashes of what it refused, and envelopes whose place was taken."""
    told = dict(zip((sha256(body) for body in offer.bodies), statuses, strict=False))
    refused = {digest for digest, status in told.items() if status.code is StatusCode.REFUSED}
    taken = {digest for digest, status in told.items() if status.code in _TAKEN}
    for item in offer.envelopes:
        if item.digest in taken:
            post.out.note_at_relay(item)
    for digest in (
        *(grant.digest for grant in offer.grants),
        *(sha256(item.signed) for item in offer.prekeys),
        *(sha256(ask) for ask in offer.asks),
    ):
        if digest in taken:
            post.out.note_item_at_relay(digest)
    for purge in offer.purges:
        if purge.digest in taken:
            _note_voided(post, purge)
    for due, sealed in offer.acks:
        if sha256(sealed) in taken:
            post.into.note_acked(due)
    conflicts = [item for item in offer.envelopes if _code(told, item.digest) is StatusCode.CONFLICT]
    return refused, conflicts


def _prekeys(post: Post, refused: Collection[bytes]) -> tuple[OwnPrekey, ...]:
    """Give the newest prekey where the relay lacks it."""
    digests = [(item, sha256(item.signed)) for item in post.keys.own_prekeys()[:1]]
    return tuple(item for item, name in digests if name not in refused and not post.out.at_relay(name))


def _unsent_purges(post: Post, refused: Collection[bytes]) -> tuple[OutPurge, ...]:
    waiting = (item for item in post.orders.purges() if item.digest not in refused)
    return tuple(item for item in waiting if not post.out.at_relay(item.digest))


def _note_voided(post: Post, purge: OutPurge) -> None:
    """Take the relay's word that it dropped what stood at the places of a purge, and keeps the places."""
    post.out.note_item_at_relay(purge.digest)
    named = read_purge(purge.sealed)
    for place in named.places:
        at = SealedEnvelope(place.session, named.channel, place.n, named.epoch, place.digest, None, 0)
        post.out.note_at_relay(at)


def _asks(post: Post, refused: Collection[bytes]) -> tuple[bytes, ...]:
    ask = standing_ask(post)
    waits = ask is not None and sha256(ask) not in refused and not post.out.at_relay(sha256(ask))
    return (ask,) if ask is not None and waits else ()


def _code(told: dict[bytes, Status], digest: bytes) -> StatusCode | None:
    status = told.get(digest)
    return None if status is None else status.code


def _within(envelopes: Sequence[SealedEnvelope], budget: int) -> tuple[SealedEnvelope, ...]:
    chosen: list[SealedEnvelope] = []
    for item in envelopes[:MAX_ENVELOPES]:
        budget -= len(item.sealed or b"")
        if chosen and budget < 0:
            break
        chosen.append(item)
    return tuple(chosen)


def sign_due(engine: Engine, due: DueAck) -> bytes:
    """Give the signed acknowledgement of a stream's head."""
    stream = due.stream
    ack = Ack(
        district=engine.roster.district,
        roster_version=engine.roster.version,
        acker=engine.index,
        device=stream.device,
        session=stream.session,
        channel=stream.channel,
        n=due.n,
        head=due.head,
        hlc=next_hlc(0, engine.now_ms()),
    )
    return sign_ack(ack, engine.sign)


def note_taken(post: Post, answer: RoundAnswer) -> bool:
    """Keep how many items the relay stored of this device; tells whether it knows fewer than it did.

    Then it was set back: it lost grants, prekeys, acknowledgements or voidings besides what it names itself.
    """
    before = answer.own_items - sum(status.code in _KEPT for status in answer.statuses)
    known = int.from_bytes(post.rounds.state(_ITEMS) or b"", "big")
    post.rounds.put_state(_ITEMS, answer.own_items.to_bytes(8, "big"))
    return before < known


def note_lost(post: Post) -> bool:
    """Note whether the relay holds own envelopes that this store has lost; tells it."""
    lost = bool(post.out.lost())
    if lost and post.rounds.state(_LOST) is None:
        # What was lost may have given out the next numbers.
        forget_block(post.records)
    post.rounds.put_state(_LOST, b"\1" if lost else None)
    return lost


def open_gaps(engine: Engine, post: Post) -> tuple[Gap, ...]:
    """Give the places that are known to be missing, of others' streams and of lost own ones."""
    gaps = [_gap(item, item.stream.device) for item in post.into.gaps() if item.first > 0]
    if post.rounds.state(_LOST) and note_lost(post):
        gaps += [_gap(item, engine.index) for item in post.out.lost()]
    return tuple(gaps[:MAX_GAPS])


def _gap(gap: StreamGap, device: int) -> Gap:
    return Gap(device, gap.stream.session, gap.stream.channel, gap.first, gap.last)
