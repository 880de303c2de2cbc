"""A relay that lost its district, or the newest rosters of it: whoever is in the district brings them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.domain.audience import Role
from app.services import stand_ins
from sync.district.keepers import Step
from sync.district.rosters import DeviceRevokedError, pieces
from sync.encoding.wire import ENVELOPE_LIMIT
from sync.roster import encode_roster
from tests.support.district import District, case_file, edit_case, give_consent, open_case
from tests.support.keeper_district import index_of, offline
from tests.support.relay_district import MANAGER, RelayDistrict
from tests.support.steered_relay import SteeredRelay


@pytest.fixture
def founded(tmp_path: Path) -> Iterator[District]:
    """Sina founded it; Ruth is a keeper too, Anna and Ben are case managers."""
    relay = SteeredRelay(tmp_path / "relay")
    with District.found(tmp_path / "district", relay=relay) as made:
        (made.folder / "safe").write_text(made["sina"].offline_key)
        made.join("ruth", Role.SUPERVISOR)
        made.join("anna")
        made.join("ben")
        made["sina"].keepers.make_keeper(made.member("ruth"))
        made.round()
        made.round()
        yield made
    relay.stop()


@pytest.mark.parametrize("first", ["ruth", "anna", "ben"])
def test_relay_emptied_after_the_founders_computer_was_revoked(founded: District, first: str) -> None:
    case = open_case(founded["anna"], "vorher")
    give_consent(founded["anna"], case, "consent", stand_in_item="yes")
    ben = founded.member("ben")
    stand_ins.name_stand_in(founded["anna"].session, case, ben, "2020-11-02", "", "holiday")
    founded.round("anna", "sina", "ruth", "ben")
    gone = index_of(founded, "sina")
    founded["ruth"].keepers.suspend(gone)
    assert founded["ruth"].keepers.revoke(gone, offline(founded)) is Step.DONE
    founded.round("ruth", "anna", "ben")
    edit_case(founded["anna"], case, concern="nur hier")
    relay = founded.relay
    assert isinstance(relay, SteeredRelay)
    relay.empty()

    others = [first, *(name for name in ("anna", "ben", "ruth") if name != first)]
    founded.round(*others, *others)

    assert [case_file(founded[name], case).text("concern") for name in ("anna", "ben")] == ["nur hier"] * 2
    states = [founded[name].status() for name in others]
    assert [(state.gaps, state.parcels, state.wanted) for state in states] == [((), (), None)] * 3
    edit_case(founded["ben"], case, concern="danach")
    founded.round("ben", "anna")
    assert case_file(founded["anna"], case).text("concern") == "danach"
    with pytest.raises(DeviceRevokedError):
        founded.round("sina")


def test_who_knows_the_newest_list_gives_it_to_the_relay_in_the_same_round(founded: District) -> None:
    founded["sina"].keepers.suspend(index_of(founded, "anna"))
    founded.round("sina")
    relay = founded.relay
    assert isinstance(relay, SteeredRelay)
    relay.empty()
    founded.round("ben")  # who has not heard of it gives the older one
    assert founded["ben"].roster.version < founded["sina"].roster.version
    founded.round("sina", "ruth")
    assert founded["ruth"].roster.version == founded["sina"].roster.version


def test_relay_emptied_right_after_a_keeper_gave_it_a_new_roster(founded: District) -> None:
    """The keeper's computer brings the newest roster once more, which alone tells such a relay nothing."""
    founded["sina"].keepers.suspend(index_of(founded, "anna"))
    relay = founded.relay
    assert isinstance(relay, SteeredRelay)
    relay.empty()

    assert founded.round("sina").requests > 0
    assert founded.round("ben").requests > 0


def test_a_relay_set_back_before_a_suspension_was_lifted_is_told_so_by_who_was_lifted(
    founded: District,
) -> None:
    lost, relay = index_of(founded, "anna"), founded.relay
    founded["sina"].keepers.suspend(lost)
    relay.stop()
    copy = relay.database_path.read_bytes()
    relay.start()
    assert founded["sina"].keepers.lift(lost, offline(founded)) is Step.DONE
    founded.round("anna")
    relay.stop()
    relay.database_path.write_bytes(copy)
    relay.start()

    assert founded.round("anna").requests > 0


def long_chain(rosters: int) -> RelayDistrict:
    """A district that was extended again and again; a newcomer is named from the middle on."""
    made = RelayDistrict()
    for at in range(rosters):
        if at == rosters // 2:
            made.enrol()
        made.take(name=f"Musterkreis {'x' * 1000} {at}")
    return made


def test_a_chain_goes_in_pieces_for_poor_lines() -> None:
    chain = tuple(map(encode_roster, long_chain(120).rosters))
    cut = tuple(pieces(chain, MANAGER))
    assert sum(cut, ()) == chain
    assert len(cut) > 2
    assert max(sum(map(len, piece)) for piece in cut) <= ENVELOPE_LIMIT
    for one, after in pairwise(cut):
        assert sum(map(len, one)) + len(after[0]) > ENVELOPE_LIMIT, "no smaller than need be"


def test_the_first_piece_reaches_to_where_the_computer_is_named() -> None:
    made = long_chain(120)
    newcomer = len(made.devices) - 1
    cut = tuple(pieces(map(encode_roster, made.rosters), newcomer))
    named = [roster.version for roster in made.rosters if roster.device(newcomer)]
    assert len(cut[0]) == named[0]
    assert len(cut) > 1
