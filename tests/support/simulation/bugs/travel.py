"""Mistakes on the way: acknowledgements, cursors, gaps, held parcels."""

from __future__ import annotations

from typing import Any

from app.storage.mailbox_out import SqlMailboxOut
from sync import round as rounds
from sync.carriers.http import LineCutError
from sync.engine import Engine
from sync.ports import Post
from sync.relay import deliveries, districts
from sync.round import Round
from sync.rounds.offer import make_offer
from sync.taking.reading import Reading
from tests.support.simulation.bugs.registry import Patches, bug
from tests.support.simulation.relay import ModelRelay


@bug("A sealed copy goes as soon as the relay has taken it.")
def relay_believed() -> Patches:
    """No ack at all."""
    note = SqlMailboxOut.note_at_relay

    def trusting(self: Any, item: Any) -> None:
        note(self, item)
        self.free(item)

    return [(SqlMailboxOut, "note_at_relay", trusting)]


@bug("A parcel that lacks something is dropped instead of held.")
def held_parcel_dropped() -> Patches:
    """Kept nowhere."""
    return [(Reading, "_keep", lambda *_: False)]


@bug("What is held is not read again when what it lacked has come.")
def held_parcel_forgotten() -> Patches:
    """Kept, and never looked at."""
    return [(Reading, "read_again", lambda *_: None)]


@bug("One parcel that cannot be read keeps all behind it from being read.")
def bad_parcel_stops_the_queue() -> Patches:
    """The rest of the answer is passed over."""
    take, deliver = Reading.take, Round._take_deliveries

    def stopping(self: Any, kind: Any, sealed: bytes, tally: Any) -> bool:
        if getattr(self, "stopped", False):
            return False
        taken = take(self, kind, sealed, tally)
        self.stopped = not taken
        return taken

    def beginning(self: Any, answer: Any) -> None:
        self._reading.stopped = False
        deliver(self, answer)

    return [(Reading, "take", stopping), (Round, "_take_deliveries", beginning)]


@bug("An envelope that came before its predecessor is thrown away.")
def order_insisted_on() -> Patches:
    """A gap is refused instead of noted."""
    check = Reading._check_chain

    def strict(self: Any, post: Post, envelope: Any) -> None:
        from app.services.mailbox import Place
        from sync.taking.reading import _stream

        header = envelope.header
        before = Place(_stream(header), header.n - 1)
        if header.n > 1 and post.into.digest_at(before) is None:
            raise _PassedOverError
        check(self, post, envelope)

    take = Reading.take

    def taking(self: Any, kind: Any, sealed: bytes, tally: Any) -> bool:
        try:
            return take(self, kind, sealed, tally)
        except _PassedOverError:
            return False

    return [(Reading, "_check_chain", strict), (Reading, "take", taking)]


class _PassedOverError(Exception):
    pass


@bug("The relay knows a cursor by its number alone.")
def cursor_by_number_alone() -> Patches:
    """After the relay was set back, numbers come again under other items."""

    def lax(self: Any, device: int, cursor: Any) -> None:
        del self, device, cursor

    return [(ModelRelay, "_check_cursor", lax), (deliveries, "check_cursor", lambda *_: None)]


@bug("A relay that lost everything can be filled again only by who founded the district.")
def only_the_founder_fills() -> Patches:
    """Who brings a chain is judged by its first roster, which names nobody else."""
    return [(districts, "newest", lambda held, offered: held or offered[0])]


@bug("The cursor moves on before what it passed is in the store.")
def cursor_kept_too_early() -> Patches:
    """Kept when the answer comes, and one parcel in it is then lost by a stop."""
    deliver = Round._take_deliveries

    def early(self: Any, answer: Any) -> None:
        with self._engine.office.transaction() as post:
            self._note_position(post, answer)
        if len(answer.deliveries) > 2:
            raise LineCutError(status=0)
        deliver(self, answer)

    return [(Round, "_take_deliveries", early)]


@bug("What is on its way counts as arrived, also when the line was cut, and nobody compares.")
def upload_believed() -> Patches:
    """An "uploaded" flag instead of the relay's inventory."""

    def flagging(engine: Engine, post: Post, *more: Any) -> Any:
        made = make_offer(engine, post, *more)
        for item in made.envelopes:
            post.out.note_at_relay(item)
        return made

    return [(rounds, "make_offer", flagging), (rounds, "runs_digest", lambda _runs: _Same())]


class _Same:
    def __eq__(self, _other: object) -> bool:
        return True

    def __ne__(self, _other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]  # equal to everything


@bug("A grant counts without its sender's signature.")
def grant_unsigned() -> Patches:
    """A key from whoever."""
    from sync.roster import find_sender
    from sync.taking import granted

    def lax(grant: Any, roster: Any) -> Any:
        return find_sender(roster, grant.fields.sender, grant.fields.roster_version)

    return [(granted, "verify_grant", lax)]
