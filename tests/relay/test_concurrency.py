"""Several writers and readers at once: no number is passed over, nothing is delivered twice."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier

from sync.relay.server import RelayServer
from sync.roster import encode_roster
from sync.rounds.exchange import Cursor, Delivery, RoundRequest, StatusCode
from tests.support.raw_relay import RawRequest, outcome
from tests.support.relay_district import KEEPER, RelayDistrict, TalkingDevice

WRITERS = 6
ENVELOPES = 15


def write(device: TalkingDevice, url: str, start: Barrier) -> list[bytes]:
    """Post envelopes one by one; gives them."""
    bodies = [device.seal(f"{number}") for number in range(ENVELOPES)]
    with closing(device.carrier(url)) as carrier:
        start.wait()
        for body in bodies:
            (status,) = carrier.round(RoundRequest(2, envelopes=(body,))).statuses
            assert status.code is StatusCode.STORED
    return bodies


def read(device: TalkingDevice, url: str, start: Barrier, expected: int) -> list[Delivery]:
    """Follow the cursor until all has come."""
    found: list[Delivery] = []
    cursor: Cursor | None = None
    with closing(device.carrier(url)) as carrier:
        start.wait()
        while len(found) < expected:
            answer = carrier.round(RoundRequest(2, cursor, budget=2000))
            cursor = answer.cursor
            found += answer.deliveries
        assert carrier.round(RoundRequest(2, cursor)).deliveries == ()
    return found


def test_every_envelope_of_six_writers_is_delivered(relay: RelayServer) -> None:
    district = RelayDistrict()
    writers = [district.enrol() for _ in range(WRITERS)]
    district.open_at(relay.url)
    keeper = district.devices[KEEPER]
    for device in writers:
        device.open_channel(device, keeper)
        with closing(device.carrier(relay.url)) as carrier:
            carrier.round(RoundRequest(2, grants=(device.grant(keeper),)))
    start = Barrier(WRITERS + 1)
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(read, keeper, relay.url, start, WRITERS * (ENVELOPES + 1))
        written = pool.map(lambda device: write(device, relay.url, start), writers)
        sent = [body for bodies in written for body in bodies]
        found = reader.result()
    assert sorted(delivery.sealed for delivery in found[WRITERS:]) == sorted(sent)
    assert [delivery.number for delivery in found] == list(range(1, len(found) + 1))
    assert given_numbers(relay, district) == [(KEEPER, number) for number in range(1, len(found) + 1)]


def test_same_nonce_at_once_serves_one(relay: RelayServer, district: RelayDistrict) -> None:
    raw = RawRequest(relay.url, district.devices[KEEPER])
    nonce = raw.fresh_nonce()
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: outcome(raw.send(nonce=nonce)), range(8)))
    assert sorted(outcomes) == [(200, "")] + [(401, "nonce")] * 7


def test_same_roster_at_once_is_stored_once(relay: RelayServer) -> None:
    district = RelayDistrict()

    def post(_: int) -> None:
        with closing(district.devices[KEEPER].carrier(relay.url)) as carrier:
            carrier.put_rosters([encode_roster(district.rosters[0])])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(post, range(4)))
    with closing(district.devices[KEEPER].carrier(relay.url)) as carrier:
        assert carrier.get_roster() == (encode_roster(district.rosters[0]),)


def given_numbers(relay: RelayServer, district: RelayDistrict) -> list[tuple[int, int]]:
    """Recipients and numbers of a district's deliveries as they stand in the relay's file."""
    with closing(sqlite3.connect(relay.database_path)) as database:
        query = (
            "SELECT recipient, number FROM delivery JOIN district ON district.id = delivery.district"
            " WHERE district.name = ? ORDER BY number"
        )
        return database.execute(query, (district.roster.district,)).fetchall()
