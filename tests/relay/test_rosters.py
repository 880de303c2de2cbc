"""The chain of rosters at a relay."""

from contextlib import closing
from datetime import date

import pytest

from sync.carriers.http import RelayRefusedError
from sync.relay.server import RelayServer
from sync.roster import encode_roster, sign_roster, successor
from tests.support.forks import ForkedRelay
from tests.support.relay_district import KEEPER, MANAGER, RelayDistrict


def refusal(
    district: RelayDistrict, relay: RelayServer, roster: bytes, device: int = KEEPER
) -> tuple[str, int]:
    """Reason and status with which the relay refuses a roster."""
    with (
        closing(district.devices[device].carrier(relay.url)) as carrier,
        pytest.raises(RelayRefusedError) as caught,
    ):
        carrier.put_roster(roster)
    return str(caught.value.params["reason"]), int(caught.value.params["status"])


def test_rosters_come_back_in_order(district: RelayDistrict, relay: RelayServer) -> None:
    with closing(district.devices[MANAGER].carrier(relay.url)) as carrier:
        assert carrier.get_roster() == tuple(encode_roster(roster) for roster in district.rosters)


def test_same_roster_again_is_fine(district: RelayDistrict, relay: RelayServer) -> None:
    with closing(district.devices[KEEPER].carrier(relay.url)) as carrier:
        carrier.put_roster(encode_roster(district.roster))
        assert len(carrier.get_roster()) == 2


def test_roster_may_be_brought_by_any_device(district: RelayDistrict, relay: RelayServer) -> None:
    """The keepers' signatures count, not the messenger."""
    district.enrol()
    with closing(district.devices[MANAGER].carrier(relay.url)) as carrier:
        carrier.put_roster(encode_roster(district.roster))
        assert len(carrier.get_roster()) == 3


def test_older_roster_is_refused(district: RelayDistrict, relay: RelayServer) -> None:
    assert refusal(district, relay, encode_roster(district.rosters[0])) == ("roster_conflict", 409)


def test_roster_after_a_gap_is_refused(district: RelayDistrict, relay: RelayServer) -> None:
    district.enrol()
    district.enrol()
    assert refusal(district, relay, encode_roster(district.roster)) == ("roster_conflict", 409)


def test_second_successor_is_refused(district: RelayDistrict, relay: RelayServer) -> None:
    key = district.devices[KEEPER].key
    other = sign_roster(successor(district.roster, expires=date(2029, 1, 1)), 0, key.sign)
    with closing(district.devices[KEEPER].carrier(relay.url)) as carrier:
        carrier.put_roster(district.take(expires=date(2028, 1, 1)))
    assert refusal(district, relay, encode_roster(other)) == ("roster_conflict", 409)


def test_unsigned_roster_is_refused(district: RelayDistrict, relay: RelayServer) -> None:
    unsigned = encode_roster(successor(district.roster, expires=date(2028, 1, 1)))
    assert refusal(district, relay, unsigned) == ("roster_refused", 422)


def test_roster_signed_by_no_keeper_is_refused(district: RelayDistrict, relay: RelayServer) -> None:
    manager = district.devices[MANAGER]
    own = sign_roster(successor(district.roster, keepers=frozenset({2})), MANAGER, manager.key.sign)
    assert refusal(district, relay, encode_roster(own), MANAGER) == ("roster_refused", 422)


def test_roster_of_another_district_is_refused(district: RelayDistrict, relay: RelayServer) -> None:
    assert refusal(district, relay, encode_roster(RelayDistrict().rosters[0])) == ("roster_refused", 422)


def test_garbage_is_refused(district: RelayDistrict, relay: RelayServer) -> None:
    assert refusal(district, relay, b"\xa0") == ("roster_refused", 422)


def test_first_roster_posted_by_a_stranger_is_refused(relay: RelayServer) -> None:
    district = RelayDistrict()
    district.devices[KEEPER].key = RelayDistrict().devices[KEEPER].key
    assert refusal(district, relay, encode_roster(district.rosters[0])) == ("signature", 401)


def test_second_roster_without_the_first_is_refused(relay: RelayServer) -> None:
    district = RelayDistrict()
    assert refusal(district, relay, encode_roster(district.rosters[1])) == ("unknown_district", 404)


def test_relay_closed_to_new_districts(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("closed") / "relay.sqlite"
    with ForkedRelay(path, arguments=("--no-allow-new-districts",)) as closed:
        district = RelayDistrict()
        assert refusal(district, closed, encode_roster(district.rosters[0])) == ("forbidden", 403)
