"""The chain of rosters at a relay."""

from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from sync.carriers.http import RelayRefusedError
from sync.relay.server import RelayServer
from sync.roster import DeviceState, encode_roster, sign_roster, successor
from sync.rounds.exchange import RoundRequest
from tests.support.forks import ForkedRelay
from tests.support.relay_district import COLLEAGUE, COORDINATOR, KEEPER, MANAGER, RelayDistrict


def refusal(
    district: RelayDistrict, relay: RelayServer, *rosters: bytes, device: int = KEEPER
) -> tuple[str, int]:
    """Reason and status with which the relay refuses rosters."""
    with (
        closing(district.devices[device].carrier(relay.url)) as carrier,
        pytest.raises(RelayRefusedError) as caught,
    ):
        carrier.put_rosters(rosters)
    return str(caught.value.params["reason"]), int(caught.value.params["status"])


def test_rosters_come_back_in_order(district: RelayDistrict, relay: RelayServer) -> None:
    with closing(district.devices[MANAGER].carrier(relay.url)) as carrier:
        assert carrier.get_roster() == tuple(encode_roster(roster) for roster in district.rosters)


def test_same_roster_again_is_fine(district: RelayDistrict, relay: RelayServer) -> None:
    with closing(district.devices[KEEPER].carrier(relay.url)) as carrier:
        carrier.put_rosters([encode_roster(district.roster)])
        assert len(carrier.get_roster()) == 2


def test_roster_may_be_brought_by_any_device(district: RelayDistrict, relay: RelayServer) -> None:
    """The keepers' signatures count, not the messenger."""
    district.enrol()
    with closing(district.devices[MANAGER].carrier(relay.url)) as carrier:
        carrier.put_rosters([encode_roster(district.roster)])
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
        carrier.put_rosters([district.take(expires=date(2028, 1, 1))])
    assert refusal(district, relay, encode_roster(other)) == ("roster_conflict", 409)


def test_unsigned_roster_is_refused(district: RelayDistrict, relay: RelayServer) -> None:
    unsigned = encode_roster(successor(district.roster, expires=date(2028, 1, 1)))
    assert refusal(district, relay, unsigned) == ("roster_refused", 422)


def test_roster_signed_by_no_keeper_is_refused(district: RelayDistrict, relay: RelayServer) -> None:
    manager = district.devices[MANAGER]
    own = sign_roster(successor(district.roster, keepers=frozenset({2})), MANAGER, manager.key.sign)
    assert refusal(district, relay, encode_roster(own), device=MANAGER) == ("roster_refused", 422)


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


def without_founder() -> RelayDistrict:
    """A district whose first roster names only a computer that is revoked by now."""
    district = RelayDistrict()
    gone = replace(district.roster.devices[KEEPER], state=DeviceState.REVOKED)
    district.take(devices=(gone, *district.roster.devices[1:]))
    return district


def chain_of(district: RelayDistrict) -> tuple[bytes, ...]:
    return tuple(map(encode_roster, district.rosters))


@pytest.mark.parametrize("device", [MANAGER, COLLEAGUE, COORDINATOR])
def test_empty_relay_is_filled_by_whoever_the_newest_roster_names(relay: RelayServer, device: int) -> None:
    district = without_founder()
    with closing(district.devices[device].carrier(relay.url)) as carrier:
        carrier.put_rosters(chain_of(district))
        assert carrier.get_roster() == chain_of(district)
        assert carrier.round(RoundRequest(3)).roster_version == 3


def test_empty_relay_is_not_filled_by_who_was_revoked(relay: RelayServer) -> None:
    district = without_founder()
    assert refusal(district, relay, *chain_of(district)) == ("not_active", 403)


def test_newest_rosters_are_brought_by_who_came_in_by_them(
    district: RelayDistrict, relay: RelayServer
) -> None:
    district.take(expires=date(2028, 1, 1))
    new = district.enrol()
    with closing(new.carrier(relay.url)) as carrier:
        carrier.put_rosters(chain_of(district)[2:])
        assert carrier.get_roster() == chain_of(district)


def test_what_is_held_may_stand_before_what_is_lacking(district: RelayDistrict, relay: RelayServer) -> None:
    district.enrol()
    with closing(district.devices[MANAGER].carrier(relay.url)) as carrier:
        carrier.put_rosters(chain_of(district))
        assert carrier.get_roster() == chain_of(district)


def test_stranger_fills_no_relay(relay: RelayServer) -> None:
    district = without_founder()
    district.devices[MANAGER].key = RelayDistrict().devices[MANAGER].key
    assert refusal(district, relay, *chain_of(district), device=MANAGER) == ("signature", 401)
    district.devices.append(replace(district.devices[MANAGER], index=4))
    assert refusal(district, relay, *chain_of(district), device=4) == ("unknown_device", 401)
    is_not_held(district, relay)


def test_stranger_who_puts_himself_at_the_end_fills_no_relay(relay: RelayServer) -> None:
    district = without_founder()
    chain = chain_of(district)
    stranger = district.enrol()
    district.rosters[-1] = sign_roster(
        replace(district.roster, signatures=()), stranger.index, stranger.key.sign
    )
    assert refusal(district, relay, *chain_of(district), device=stranger.index) == ("roster_refused", 422)
    assert refusal(district, relay, chain[0], chain_of(district)[3], device=stranger.index)[1] == 409
    is_not_held(district, relay)


@pytest.mark.parametrize("order", [(0, 2), (0, 1, 1), (0, 2, 1), (1, 2), ()])
def test_chain_with_a_hole_or_out_of_order_is_refused_whole(
    relay: RelayServer, order: tuple[int, ...]
) -> None:
    district = without_founder()
    chain = chain_of(district)
    assert refusal(district, relay, *(chain[at] for at in order), device=MANAGER)[1] in {404, 409, 422}
    is_not_held(district, relay)


def is_not_held(district: RelayDistrict, relay: RelayServer) -> None:
    with (
        closing(district.devices[MANAGER].carrier(relay.url)) as carrier,
        pytest.raises(RelayRefusedError) as caught,
    ):
        carrier.get_roster()
    assert caught.value.params["reason"] == "unknown_district"


def test_relay_closed_to_new_districts(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("closed") / "relay.sqlite"
    with ForkedRelay(path, arguments=("--no-allow-new-districts",)) as closed:
        district = RelayDistrict()
        assert refusal(district, closed, encode_roster(district.rosters[0])) == ("forbidden", 403)
