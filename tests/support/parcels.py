"""Sealed items passed from device to device without a relay, and forged ones."""

from __future__ import annotations

from app.services.mailbox import ParcelKind
from sync.rounds.exchange import RoundRequest
from sync.sending.dispatch import Dispatch
from sync.sending.sealing import Place, seal_envelope
from sync.taking.reading import Reading, Tally
from sync.workplace import Workplace
from tests.support.district import stored
from tests.support.ports import SeededEntropy

Items = list[tuple[ParcelKind, bytes]]


def sealed_items(sender: Workplace, recipient: Workplace) -> Items:
    """Seal what waits and give all that the recipient may be handed: grants, then envelopes by age."""
    engine = sender._engine
    Dispatch(engine).seal()
    index = recipient._engine.index
    grants = stored(sender, "SELECT sealed FROM grant_out WHERE recipient = ? ORDER BY channel, epoch", index)
    envelopes = stored(
        sender,
        "SELECT sealed.sealed FROM sealed JOIN grant_out USING (channel, epoch)"
        " WHERE recipient = ? AND sealed.sealed IS NOT NULL ORDER BY at_ms, n",
        index,
    )
    items = [(ParcelKind.GRANT, bytes(row[0])) for row in grants]
    return items + [(ParcelKind.ENVELOPE, bytes(row[0])) for row in envelopes]


def hand_over(recipient: Workplace, items: Items) -> Tally:
    """Let a device read items in this order."""
    reading, tally = Reading(recipient._engine), Tally()
    for kind, sealed in items:
        reading.take(kind, sealed, tally)
        reading.read_again(tally)
    return tally


def give_directly(sender: Workplace, recipient: Workplace) -> Tally:
    """Hand over everything, as a stick would."""
    return hand_over(recipient, sealed_items(sender, recipient))


def take_next_place(sender: Workplace, recipient: Workplace) -> None:
    """Give the relay other bytes, rightly signed, for the place of the sender's next envelope."""
    engine = sender._engine
    with engine.office.transaction() as post:
        key = post.keys.newest_epoch(engine.index, frozenset({recipient.session.me}))
        assert key is not None
        head = post.out.own_head(key.channel)
        assert head is not None
        last = post.out.envelope(head.session, key.channel, head.n)
        assert last is not None
        changes = post.out.changes_in(last)
    place = Place(engine.index, key.channel, key.epoch, head.session, head.n + 1, head.digest)
    sealed = seal_envelope(
        changes,
        place=place,
        channel_key=key.key,
        roster=engine.roster,
        sign=engine.sign,
        entropy=SeededEntropy("a copied disk"),
    )
    sender._open_carrier().round(RoundRequest(engine.roster.version, envelopes=(sealed,)))
