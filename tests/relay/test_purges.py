"""A purge at the relay: only the sender's own places, the bytes go, the stream stays whole."""

from collections.abc import Iterator
from typing import Any

import pytest

from sync.encoding import wire
from sync.relay.server import RelayServer
from sync.rounds.exchange import Kind, RoundAnswer, RoundRequest, Status, StatusCode, item_digest
from sync.signed.purge import Purge, Voided, sign_purge
from tests.support.relay_district import COLLEAGUE, KEEPER, MANAGER, RelayDistrict, TalkingDevice

STORED, KNOWN = Status(StatusCode.STORED), Status(StatusCode.KNOWN)


class Line:
    """Exchanges of three devices, each from the beginning."""

    def __init__(self, district: RelayDistrict, url: str) -> None:
        self.district = district
        self.manager, self.keeper = district.devices[MANAGER], district.devices[KEEPER]
        self._carriers = {
            index: district.devices[index].carrier(url) for index in (KEEPER, MANAGER, COLLEAGUE)
        }

    def round(self, index: int, **request: Any) -> RoundAnswer:
        return self._carriers[index].round(RoundRequest(self.district.roster.version, **request))

    def got(self, index: int) -> list[tuple[Kind, bytes]]:
        return [(item.kind, item.sealed) for item in self.round(index).deliveries]

    def close(self) -> None:
        for carrier in self._carriers.values():
            carrier.close()


@pytest.fixture
def line(district: RelayDistrict, relay: RelayServer) -> Iterator[Line]:
    made = Line(district, relay.url)
    made.manager.open_channel(made.manager, made.keeper, district.devices[COLLEAGUE])
    made.round(MANAGER, grants=(made.manager.grant(made.keeper),))
    yield made
    made.close()


def purge(sender: TalkingDevice, *places: Voided, signer: TalkingDevice | None = None) -> bytes:
    assert sender.channel is not None
    roster = sender.district.roster
    made = Purge(
        roster.district, roster.version, sender.index, sender.channel.id, sender.channel.epoch, places
    )
    return sign_purge(made, (signer or sender).key.sign)


def test_voided_bytes_are_not_given_to_anybody_and_the_purge_is(line: Line) -> None:
    first, second = line.manager.seal("eins"), line.manager.seal("zwei")
    line.round(MANAGER, envelopes=(first, second))
    gone = purge(line.manager, Voided(line.manager.session, 1, item_digest(first), wire.NO_HASH))
    assert line.round(MANAGER, purges=(gone,)).statuses == (STORED,)
    kinds = [(kind, body) for kind, body in line.got(KEEPER) if kind is not Kind.GRANT]
    assert kinds == [(Kind.ENVELOPE, second), (Kind.PURGE, gone)]
    assert line.round(MANAGER, purges=(gone,)).statuses == (KNOWN,)


def test_a_place_that_never_came_is_kept_free(line: Line) -> None:
    first, second = line.manager.seal("eins"), line.manager.seal("zwei")
    gone = purge(line.manager, Voided(line.manager.session, 1, item_digest(first), wire.NO_HASH))
    line.round(MANAGER, purges=(gone,))
    assert line.round(MANAGER, envelopes=(first,)).statuses == (KNOWN,)
    answer = line.round(MANAGER, envelopes=(second,), own_inventory=True)
    assert answer.statuses == (STORED,)
    (run,) = answer.own_runs
    assert (run.first, run.last, run.head) == (1, 2, item_digest(second))
    assert [body for kind, body in line.got(KEEPER) if kind is Kind.ENVELOPE] == [second]


def test_a_later_grant_brings_the_purge_along(line: Line) -> None:
    first = line.manager.seal("eins")
    line.round(MANAGER, envelopes=(first,))
    gone = purge(line.manager, Voided(line.manager.session, 1, item_digest(first), wire.NO_HASH))
    line.round(MANAGER, purges=(gone,))
    colleague = line.district.devices[COLLEAGUE]
    line.round(MANAGER, grants=(line.manager.grant(colleague),))
    assert [kind for kind, _ in line.got(COLLEAGUE)] == [Kind.GRANT, Kind.PURGE]


def test_nobody_purges_anothers_places(line: Line) -> None:
    first = line.manager.seal("eins")
    line.round(MANAGER, envelopes=(first,))
    place = Voided(line.manager.session, 1, item_digest(first), wire.NO_HASH)
    forged = purge(line.manager, place, signer=line.keeper)
    refused = Status(StatusCode.REFUSED, "wrong_sender")
    assert line.round(KEEPER, purges=(purge(line.manager, place),)).statuses == (refused,)
    assert line.round(KEEPER, purges=(forged,)).statuses == (refused,)
    assert line.round(MANAGER, purges=(forged,)).statuses == (Status(StatusCode.REFUSED, "wrong_signature"),)
    assert [body for kind, body in line.got(KEEPER) if kind is Kind.ENVELOPE] == [first]
