"""Answering an ask: whether the asker may have it is looked at anew, whatever they had before."""

from __future__ import annotations

from typing import Final

from sync.engine import Engine
from sync.ports import Post
from sync.roster import Device
from sync.sending.own_channels import Channels
from sync.sending.passing_on import note_asked_for_all
from sync.signed.ask import PlaceWish, read_ask, verify_ask

MOST_PLACES: Final = 4096
"""Places of one wish that are looked at."""


class Answering:
    """Answers one ask after the other; everything happens in the caller's transaction."""

    def __init__(self, engine: Engine) -> None:
        """Work for `engine`."""
        self._engine = engine
        self._channels = Channels(engine)

    def take(self, post: Post, sealed: bytes) -> bool:
        """Answer an ask to this device; tells whether there is something new to be sent.

        Raises held or quarantined errors.
        """
        ask = read_ask(sealed)
        asker = verify_ask(ask, self._engine.roster)
        if self._engine.index not in ask.asked or asker.index == self._engine.index:
            return False
        if post.asking.is_answered(ask.hash):
            return False
        post.asking.note_answered(ask.hash)
        keys = [wish for wish in ask.grants if self._is_mine(wish.device)]
        gone = [key for key in keys if not self._channels.grant_again(post, key.channel, key.epoch, asker)]
        for wish in ask.grants:
            if wish.device == asker.index:
                self._channels.give_back(post, wish.channel, wish.epoch, asker)
        mine = [wish for wish in ask.places if self._is_mine(wish.device)]
        lost = [wish for wish in mine if not self._again(post, wish, asker)]
        if self._engine.index in ask.state or gone or lost:
            post.asking.want_state(asker.index, ask.hash)
            note_asked_for_all(post, asker)
        return True

    def _again(self, post: Post, wish: PlaceWish, asker: Device) -> bool:
        """Offer envelopes to the relay once more; tells whether all that the asker may have still exist."""
        whole = wish.first > post.out.told_again().get((wish.session, wish.channel), 0)
        for n in range(wish.first, min(wish.last, wish.first + MOST_PLACES) + 1):
            envelope = post.out.envelope(wish.session, wish.channel, n)
            if envelope is None:
                continue
            key = post.keys.channel_key(self._engine.index, envelope.channel, envelope.epoch)
            if key is None or asker.member not in key.audience:
                continue
            if envelope.sealed is None:
                whole = False
            else:
                post.asking.offer_again(envelope)
        return whole

    def _is_mine(self, device: int) -> bool:
        return device == self._engine.index
