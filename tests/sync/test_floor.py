"""A suite or version below what the roster still accepts: refused for every kind that is signed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from app.domain.orders import OrderKind
from sync.district.roster_chain import verify_successor
from sync.envelope import read_header, verify_envelope
from sync.errors import RosterChangeError, WrongVersionError
from sync.folder.manifest import unseal_manifest, verify_manifest
from sync.roster import Roster, decode_roster, sign_roster, successor
from sync.sending.own_channels import Channels
from sync.signed.ack import read_ack, verify_ack
from sync.signed.ask import read_ask, verify_ask
from sync.signed.checkpoint import open_part
from sync.signed.grant import read_grant, verify_grant
from sync.signed.order import check_order
from sync.signed.order_list import read_order_list
from sync.signed.prekey import read_prekey, verify_prekey
from sync.signed.purge import read_purge, verify_purge
from sync.workplace import Workplace
from tests.support.district import District, open_case
from tests.support.wire import KEEPER, key_of
from tests.vectors import make
from tests.vectors.documents import FOLDER_KEY

VECTORS = make.vectors()
ROSTER = decode_roster(bytes.fromhex(VECTORS["rosters"][-1]))
KEY = bytes.fromhex(VECTORS["channel_key"])
Take = Callable[[bytes, Roster], object]
KINDS: dict[str, tuple[str, Take]] = {
    "envelope": (VECTORS["envelopes"][0], lambda data, roster: verify_envelope(read_header(data), roster)),
    "checkpoint": (
        VECTORS["checkpoint"]["part"],
        lambda data, roster: open_part(read_header(data), KEY, roster),
    ),
    "grant": (VECTORS["grants"][0], lambda data, roster: verify_grant(read_grant(data), roster)),
    "prekey": (VECTORS["prekey"]["public"], lambda data, roster: verify_prekey(read_prekey(data), roster)),
    "ack": (VECTORS["ack"], lambda data, roster: verify_ack(read_ack(data), roster)),
    "ask": (VECTORS["ask"], lambda data, roster: verify_ask(read_ask(data), roster)),
    "purge": (VECTORS["purge"], lambda data, roster: verify_purge(read_purge(data), roster)),
    "order": (VECTORS["orders"][0], lambda data, roster: check_order(data, 1, roster)),
    "order_list": (VECTORS["order_list"], read_order_list),
    "manifest": (
        VECTORS["manifest"]["file"],
        lambda data, roster: verify_manifest(unseal_manifest(data, (FOLDER_KEY,)), roster),
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_below_the_floor_is_refused(name: str) -> None:
    hexed, take = KINDS[name]
    take(bytes.fromhex(hexed), ROSTER)
    for floor in (replace(ROSTER, lowest_suite=2), replace(ROSTER, lowest_version=2)):
        # The district's id is that of its first roster, whatever the later ones say.
        with pytest.raises(WrongVersionError):
            take(bytes.fromhex(hexed), floor)


def test_a_roster_below_the_floor_of_the_one_before_is_refused() -> None:
    raised = sign_roster(successor(ROSTER, lowest_suite=2), KEEPER, key_of("sina").sign)
    verify_successor(ROSTER, raised)
    after = successor(raised)
    assert after.suite == 2
    below = sign_roster(replace(after, suite=1), KEEPER, key_of("sina").sign)
    with pytest.raises(RosterChangeError) as caught:
        verify_successor(raised, below)
    assert caught.value.reason == "suite"


def raise_floor(place: Workplace) -> None:
    """Let a device go by a roster that accepts nothing of this program's formats any more."""
    place._engine.roster = replace(place._engine.roster, lowest_version=2)


def test_a_signature_below_the_floor_brings_no_known_order_into_force(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    first, second = open_case(anna), open_case(anna)
    district.round("anna", "sina")
    orders = [anna.orders.issue(OrderKind.ERASE, "client_wish", case) for case in (first, second)]
    district.round("anna", "sina")
    sina.orders.sign(orders[0])
    raise_floor(sina)
    sina.orders.sign(orders[1])
    # What is in force stays: it was carried out.
    assert {item.id: item.in_force for item in sina.orders.overview()} == {orders[0]: True, orders[1]: False}
    assert sina.session.store.queries.record("CaseFile", first) is None
    assert sina.session.store.queries.record("CaseFile", second) is not None


def test_nothing_is_granted_to_a_prekey_below_the_floor(district: District) -> None:
    sina = district["sina"]
    channels = Channels(sina._engine)
    with sina._engine.office.transaction() as post:
        assert channels.reaches(post, district.member("anna"))
        raise_floor(sina)
        assert not channels.reaches(post, district.member("anna"))
