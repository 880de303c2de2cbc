"""Items through a relay: who gets what, when, and what the sender is told."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from sync.carriers.http import HttpCarrier, RelayCursorUnknownError
from sync.envelope import read_header
from sync.relay.server import RelayServer
from sync.roster import encode_roster
from sync.rounds.exchange import (
    Cursor,
    Gap,
    Kind,
    RoundAnswer,
    RoundRequest,
    Run,
    Status,
    StatusCode,
    item_digest,
    runs_digest,
)
from tests.support.relay_district import COLLEAGUE, COORDINATOR, KEEPER, MANAGER, RelayDistrict

STORED, KNOWN, CONFLICT = (
    Status(code) for code in (StatusCode.STORED, StatusCode.KNOWN, StatusCode.CONFLICT)
)


def refused(reason: str) -> Status:
    return Status(StatusCode.REFUSED, reason)


class Talk:
    """A district whose devices each have a carrier and a cursor."""

    def __init__(self, district: RelayDistrict, url: str) -> None:
        self.district = district
        self.manager, self.colleague = district.devices[MANAGER], district.devices[COLLEAGUE]
        self.keeper, self.coordinator = district.devices[KEEPER], district.devices[COORDINATOR]
        self._url = url
        self._carriers: dict[int, HttpCarrier] = {}
        self.cursors: dict[int, Cursor | None] = {}

    def round(self, index: int, **request: Any) -> RoundAnswer:
        """One exchange that goes on where the device's last one ended."""
        asked = RoundRequest(**{"roster_version": self.district.roster.version, **request})
        answer = self.carrier(index).round(replace(asked, cursor=self.cursors.get(index)))
        self.cursors[index] = answer.cursor
        return answer

    def carrier(self, index: int) -> HttpCarrier:
        if index not in self._carriers:
            self._carriers[index] = self.district.devices[index].carrier(self._url)
        return self._carriers[index]

    def got(self, index: int) -> list[bytes]:
        """Bytes that come to a device next."""
        return [delivery.sealed for delivery in self.round(index).deliveries]

    def close(self) -> None:
        for carrier in self._carriers.values():
            carrier.close()


@pytest.fixture
def talk(district: RelayDistrict, relay: RelayServer) -> Iterator[Talk]:
    with closing(Talk(district, relay.url)) as made:
        yield made


@pytest.fixture
def granted(talk: Talk) -> Talk:
    """The manager has a channel to keeper and colleague, and both hold its key."""
    talk.manager.open_channel(talk.manager, talk.keeper, talk.colleague)
    grants = (talk.manager.grant(talk.keeper), talk.manager.grant(talk.colleague))
    assert talk.round(MANAGER, grants=grants).statuses == (STORED, STORED)
    assert [talk.got(KEEPER), talk.got(COLLEAGUE)] == [[grants[0]], [grants[1]]]
    return talk


def waiting_bytes(relay: RelayServer, sealed: bytes) -> int | None:
    """Size of an item's bytes that wait for a reader, None when all have read it and it is due to go."""
    with closing(sqlite3.connect(relay.database_path)) as database:
        query = "SELECT CASE WHEN free_at IS NULL THEN length(body) END FROM item WHERE digest = ?"
        row = database.execute(query, (item_digest(sealed),)).fetchone()
    size: int | None = row[0]
    return size


def test_empty_round_of_new_device(talk: Talk) -> None:
    answer = talk.round(MANAGER)
    expected = RoundAnswer(time=answer.time, own_digest=runs_digest(()), roster_version=2)
    assert answer == expected


def test_envelope_to_all_who_hold_the_key(granted: Talk) -> None:
    body = granted.manager.seal()
    assert granted.round(MANAGER, envelopes=(body,)).statuses == (STORED,)
    assert [granted.got(index) for index in (KEEPER, COLLEAGUE, COORDINATOR, MANAGER)] == [
        [body],
        [body],
        [],
        [],
    ]


def test_envelope_and_grant_in_one_exchange(talk: Talk) -> None:
    talk.manager.open_channel(talk.manager, talk.keeper)
    grant, body = talk.manager.grant(talk.keeper), talk.manager.seal()
    assert talk.round(MANAGER, envelopes=(body,), grants=(grant,)).statuses == (STORED, STORED)
    assert talk.got(KEEPER) == [grant, body]


def test_envelope_sent_twice(granted: Talk) -> None:
    body = granted.manager.seal()
    assert granted.round(MANAGER, envelopes=(body, body)).statuses == (STORED, KNOWN)
    assert granted.round(MANAGER, envelopes=(body,)).statuses == (KNOWN,)
    assert granted.got(KEEPER) == [body]


def test_place_used_twice_keeps_both_and_tells_the_sender(granted: Talk) -> None:
    first = granted.manager.seal("eins")
    second, third = (granted.manager.seal(text, n=1, prev=b"") for text in ("zwei", "drei"))
    answer = granted.round(MANAGER, envelopes=(first, second, third), own_inventory=True)
    assert answer.statuses == (STORED, CONFLICT, CONFLICT)
    assert [run.head for run in answer.own_runs] == [item_digest(first)]
    assert granted.got(KEEPER) == [first, second]
    assert granted.round(MANAGER, envelopes=(second, first)).statuses == (CONFLICT, KNOWN)


def test_place_in_another_session_is_another(granted: Talk) -> None:
    first = granted.manager.seal()
    granted.manager.session ^= 1 << 63
    second = granted.manager.seal(n=1, prev=granted.manager.head)
    assert granted.round(MANAGER, envelopes=(first, second)).statuses == (STORED, STORED)


def test_grant_that_comes_later_brings_what_was_sealed_before(granted: Talk) -> None:
    bodies = [granted.manager.seal(text) for text in ("eins", "zwei")]
    granted.round(MANAGER, envelopes=tuple(bodies))
    new = granted.district.enrol()
    keeper = granted.carrier(KEEPER)
    keeper.put_rosters([encode_roster(granted.district.roster)])
    assert granted.got(new.index) == []
    assert granted.manager.channel is not None
    audience = (*granted.manager.channel.audience, new.member)
    granted.manager.channel = replace(granted.manager.channel, audience=audience)
    grant = granted.manager.grant(new)
    assert granted.round(MANAGER, grants=(grant,)).statuses == (STORED,)
    assert granted.got(new.index) == [grant, *bodies]


def test_grant_of_another_epoch_brings_nothing(granted: Talk) -> None:
    granted.round(MANAGER, envelopes=(granted.manager.seal(),))
    assert granted.manager.channel is not None
    granted.manager.channel = replace(granted.manager.channel, epoch=2, audience=(2, 4))
    grant = granted.manager.grant(granted.coordinator)
    granted.round(MANAGER, grants=(grant,))
    assert granted.got(COORDINATOR) == [grant]


def test_items_of_other_senders_are_refused(granted: Talk) -> None:
    request = {
        "envelopes": (granted.manager.seal(),),
        "grants": (granted.manager.grant(granted.keeper),),
        "acks": (granted.keeper.ack(granted.manager),),
        "prekeys": (granted.keeper.prekey(),),
    }
    assert granted.round(COLLEAGUE, **request).statuses == (refused("wrong_sender"),) * 4


def test_items_of_another_district_are_refused(talk: Talk) -> None:
    foreign = RelayDistrict().devices[MANAGER]
    foreign.open_channel(foreign)
    answer = talk.round(MANAGER, envelopes=(foreign.seal(),), prekeys=(foreign.prekey(),))
    assert answer.statuses == (refused("wrong_district"),) * 2


def test_envelope_with_broken_signature_is_refused(granted: Talk) -> None:
    body = granted.manager.seal()
    broken = body[:-1] + bytes([body[-1] ^ 1])
    assert granted.round(MANAGER, envelopes=(broken, body)).statuses == (refused("wrong_signature"), STORED)


def test_envelope_over_its_size_is_refused(granted: Talk) -> None:
    answer = granted.round(MANAGER, envelopes=(bytes(64 * 1024 + 1), b"\xff"))
    assert answer.statuses == (refused("wrong_size"), refused("not_cbor"))


def test_envelope_under_a_roster_the_relay_lacks(granted: Talk) -> None:
    new = granted.district.enrol()
    answer = granted.round(MANAGER, grants=(_grant_to_new(granted, new.index),))
    assert (answer.statuses, answer.roster_version) == ((refused("lacks_roster"),), 2)


def _grant_to_new(talk: Talk, index: int) -> bytes:
    new = talk.district.devices[index]
    talk.manager.open_channel(talk.manager, new)
    return talk.manager.grant(new)


def test_newer_rosters_come_with_the_answer(talk: Talk) -> None:
    talk.district.enrol()
    talk.carrier(KEEPER).put_rosters([encode_roster(talk.district.roster)])
    answer = talk.carrier(MANAGER).round(RoundRequest(1))
    assert answer.rosters == tuple(encode_roster(roster) for roster in talk.district.rosters[1:])
    assert talk.carrier(MANAGER).round(RoundRequest(3)).rosters == ()


def test_prekey_goes_to_all_others(talk: Talk) -> None:
    prekey = talk.manager.prekey()
    assert talk.round(MANAGER, prekeys=(prekey, prekey)).statuses == (STORED, KNOWN)
    assert [talk.got(index) for index in (KEEPER, COLLEAGUE, COORDINATOR, MANAGER)] == [[prekey]] * 3 + [[]]


def test_prekeys_reach_a_device_enrolled_later(talk: Talk) -> None:
    prekey = talk.manager.prekey()
    talk.round(MANAGER, prekeys=(prekey,))
    new = talk.district.enrol()
    talk.carrier(KEEPER).put_rosters([encode_roster(talk.district.roster)])
    assert talk.got(new.index) == [prekey]
    assert talk.carrier(KEEPER).get_prekeys() == (prekey,)


def test_ack_goes_to_the_sender(granted: Talk) -> None:
    granted.round(MANAGER, envelopes=(granted.manager.seal(),))
    ack = granted.keeper.ack(granted.manager)
    assert granted.round(KEEPER, acks=(ack, ack)).statuses == (STORED, KNOWN)
    assert granted.got(MANAGER) == [ack]


def test_older_ack_changes_nothing(granted: Talk) -> None:
    first = granted.manager.seal()
    granted.round(MANAGER, envelopes=(first, granted.manager.seal()))
    newer = granted.keeper.ack(granted.manager)
    older = granted.keeper.ack(granted.manager, n=1, head=item_digest(first))
    assert granted.round(KEEPER, acks=(newer, older)).statuses == (STORED, KNOWN)
    assert granted.got(MANAGER) == [newer]


def test_newer_ack_stands_for_older_ones(granted: Talk) -> None:
    granted.round(MANAGER, envelopes=(granted.manager.seal(),))
    granted.round(KEEPER, acks=(granted.keeper.ack(granted.manager),))
    granted.round(MANAGER, envelopes=(granted.manager.seal(),))
    granted.cursors.clear()
    newer = granted.keeper.ack(granted.manager)
    granted.round(KEEPER, acks=(newer,))
    assert granted.got(MANAGER) == [newer]


def test_acks_of_all_recipients_let_the_bytes_go(granted: Talk, relay: RelayServer) -> None:
    bodies = [granted.manager.seal(), granted.manager.seal()]
    granted.round(MANAGER, envelopes=tuple(bodies))
    granted.round(KEEPER, acks=(granted.keeper.ack(granted.manager),))
    assert [waiting_bytes(relay, body) for body in bodies] == [len(body) for body in bodies]
    ack = granted.colleague.ack(granted.manager, n=1, head=item_digest(bodies[0]))
    granted.round(COLLEAGUE, acks=(ack,))
    assert [waiting_bytes(relay, body) for body in bodies] == [None, len(bodies[1])]
    granted.round(COLLEAGUE, acks=(granted.colleague.ack(granted.manager),))
    assert [waiting_bytes(relay, body) for body in bodies] == [None, None]
    assert granted.round(MANAGER, envelopes=tuple(bodies)).statuses == (KNOWN, KNOWN)


def test_device_that_was_set_back_gets_its_own_envelopes_by_their_places(granted: Talk) -> None:
    bodies = [granted.manager.seal(), granted.manager.seal()]
    granted.round(MANAGER, envelopes=tuple(bodies))
    for device in (granted.keeper, granted.colleague):
        granted.round(device.index, acks=(device.ack(granted.manager),))
    stream = read_header(bodies[0]).stream
    gap = Gap(stream.device, stream.session, stream.channel, 1, 2)
    answer = granted.round(MANAGER, gaps=(gap,))
    assert [item.sealed for item in answer.deliveries if item.kind is Kind.ENVELOPE] == bodies
    assert granted.round(MANAGER, gaps=(replace(gap, session=stream.session + 1),)).deliveries == ()


def test_ack_of_other_bytes_frees_nothing(granted: Talk, relay: RelayServer) -> None:
    body = granted.manager.seal()
    granted.round(MANAGER, envelopes=(body,))
    for device in (granted.keeper, granted.colleague):
        granted.round(device.index, acks=(device.ack(granted.manager, head=bytes(32)),))
    assert waiting_bytes(relay, body) == len(body)


def test_bytes_stay_for_a_member_whose_grant_is_to_come(talk: Talk, relay: RelayServer) -> None:
    talk.manager.open_channel(talk.manager, talk.keeper, talk.colleague)
    body = talk.manager.seal()
    talk.round(MANAGER, envelopes=(body,), grants=(talk.manager.grant(talk.keeper),))
    talk.round(KEEPER, acks=(talk.keeper.ack(talk.manager),))
    assert waiting_bytes(relay, body) == len(body)
    talk.round(MANAGER, grants=(talk.manager.grant(talk.colleague),))
    assert talk.got(COLLEAGUE)[1:] == [body]


def test_bytes_do_not_wait_for_a_suspended_device(granted: Talk, relay: RelayServer) -> None:
    body = granted.manager.seal()
    granted.round(MANAGER, envelopes=(body,))
    granted.carrier(KEEPER).put_rosters([granted.district.suspend(COLLEAGUE)])
    granted.round(KEEPER, acks=(granted.keeper.ack(granted.manager),))
    assert waiting_bytes(relay, body) is None


def test_cursor_of_another_relay_is_unknown(granted: Talk) -> None:
    cursor = granted.cursors[KEEPER]
    assert cursor is not None
    for wrong in (Cursor(cursor.number, bytes(32)), Cursor(9999, cursor.digest)):
        with pytest.raises(RelayCursorUnknownError):
            granted.carrier(KEEPER).round(RoundRequest(2, wrong))


def test_nothing_is_stored_under_an_unknown_cursor(granted: Talk) -> None:
    body = granted.manager.seal()
    with pytest.raises(RelayCursorUnknownError):
        granted.carrier(MANAGER).round(RoundRequest(2, Cursor(9999, bytes(32)), envelopes=(body,)))
    assert granted.round(MANAGER, envelopes=(body,)).statuses == (STORED,)


def test_inventory_lists_all_and_gives_what_is_wanted(granted: Talk) -> None:
    bodies = [granted.manager.seal(text) for text in ("eins", "zwei")]
    granted.round(MANAGER, envelopes=tuple(bodies))
    keeper = granted.carrier(KEEPER)
    answer = keeper.round(RoundRequest(2, inventory_only=True))
    listed = [(line.kind, line.digest, line.size) for line in answer.inventory]
    assert listed[1:] == [(Kind.ENVELOPE, item_digest(body), len(body)) for body in bodies]
    assert (listed[0][0], answer.deliveries, answer.more) == (Kind.GRANT, (), False)
    wanted = (item_digest(bodies[1]), bytes(32))
    answer = keeper.round(RoundRequest(2, answer.cursor, wanted=wanted))
    assert [delivery.sealed for delivery in answer.deliveries] == [bodies[1]]
    assert answer.absent == (bytes(32),)


def test_wanted_item_of_others_is_absent(granted: Talk) -> None:
    body = granted.manager.seal()
    granted.round(MANAGER, envelopes=(body,))
    answer = granted.round(COORDINATOR, wanted=(item_digest(body),))
    assert (answer.deliveries, answer.absent) == ((), (item_digest(body),))


def test_gap_is_filled_by_places(granted: Talk) -> None:
    bodies = [granted.manager.seal(text) for text in ("eins", "zwei", "drei")]
    granted.round(MANAGER, envelopes=tuple(bodies))
    granted.got(KEEPER)
    assert granted.manager.channel is not None
    gap = Gap(MANAGER, granted.manager.session, granted.manager.channel.id, 2, 3)
    answer = granted.round(KEEPER, gaps=(gap,))
    assert [delivery.sealed for delivery in answer.deliveries] == bodies[1:]
    assert granted.round(COORDINATOR, gaps=(gap,)).deliveries == ()


def test_budget_cuts_and_the_next_exchange_goes_on(granted: Talk) -> None:
    bodies = [granted.manager.seal(str(number)) for number in range(5)]
    granted.round(MANAGER, envelopes=tuple(bodies))
    budget = 2 * len(bodies[1])
    answers = [granted.round(KEEPER, budget=budget) for _ in range(3)]
    assert [len(answer.deliveries) for answer in answers] == [2, 2, 1]
    assert [answer.more for answer in answers] == [True, True, False]
    assert [delivery.sealed for answer in answers for delivery in answer.deliveries] == bodies


def test_one_item_comes_whatever_the_budget(granted: Talk) -> None:
    bodies = [granted.manager.seal(str(number)) for number in range(2)]
    granted.round(MANAGER, envelopes=tuple(bodies))
    assert [len(granted.round(KEEPER, budget=0).deliveries) for _ in range(2)] == [1, 1]


def test_own_streams_as_the_relay_holds_them(granted: Talk) -> None:
    bodies = [granted.manager.seal(str(number)) for number in range(4)]
    assert granted.manager.channel is not None
    stream = (granted.manager.session, granted.manager.channel.id)
    two, four = item_digest(bodies[1]), item_digest(bodies[3])
    answer = granted.round(MANAGER, envelopes=(bodies[0], bodies[1], bodies[3]), own_inventory=True)
    assert answer.own_runs == (Run(*stream, 1, 2, two), Run(*stream, 4, 4, four))
    assert answer.own_digest == runs_digest(answer.own_runs)
    answer = granted.round(MANAGER, envelopes=(bodies[2],), own_inventory=True)
    assert answer.own_runs == (Run(*stream, 1, 4, four),)
    assert granted.round(KEEPER).own_digest == runs_digest(())
