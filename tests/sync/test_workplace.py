"""Opening and closing a workplace, and what it says of itself."""

from dataclasses import replace

import pytest

from app.security.errors import VaultExistsError, VaultMissingError, WrongPassphraseError
from app.storage.errors import SecondInstanceError
from sync import compose
from sync.carriers.http import RelayUnreachableError
from sync.compose import DistrictSetUp, HomeState
from sync.roster import DeviceState, sign_roster, successor
from tests.support.district import (
    CHEAP,
    PASSPHRASE,
    District,
    MovingClock,
    case_file,
    edit_case,
    open_case,
    run_round,
)
from tests.support.parcels import give_directly
from tests.support.ports import SeededEntropy

SETUP = DistrictSetUp("Musterkreis", "MUS", "kreis", "Sina Vogt", "")


def test_unlocking_again_begins_another_session(district: District) -> None:
    before = district["anna"]._engine.office.session
    district.people["anna"].lock()
    assert district["anna"]._engine.office.session != before


def test_a_second_program_on_one_home_is_refused(district: District) -> None:
    district["anna"]
    district["anna"]  # is open now
    home = district.people["anna"].home
    with pytest.raises(SecondInstanceError):
        compose.unlock(home, PASSPHRASE, clock=MovingClock(), entropy=SeededEntropy("x"))


def test_a_wrong_passphrase_opens_nothing_and_wipes_nothing(district: District) -> None:
    person = district.people["anna"]
    case = open_case(person.open())
    person.lock()
    with pytest.raises(WrongPassphraseError):
        compose.unlock(person.home, "ein anderer Satz", clock=person.clock, entropy=person.entropy)
    assert case_file(person.open(), case).id == case


def test_the_recovery_key_opens_under_a_new_passphrase(district: District) -> None:
    home = district.folder / "karla"
    place, key = compose.set_up_district(
        home, PASSPHRASE, SETUP, clock=MovingClock(), entropy=SeededEntropy("karla"), cost=CHEAP
    )
    place.close()
    recovered = compose.unlock_with_recovery_key(
        home, key.text, "ein neuer Satz dafür", clock=MovingClock(), entropy=SeededEntropy("y"), cost=CHEAP
    )
    recovered.close()
    reopened = compose.unlock(home, "ein neuer Satz dafür", clock=MovingClock(), entropy=SeededEntropy("z"))
    reopened.close()


def test_setting_up_twice_in_one_home_is_refused_and_changes_nothing(district: District) -> None:
    person = district.people["anna"]
    person.lock()
    with pytest.raises(VaultExistsError):
        compose.set_up_district(
            person.home, PASSPHRASE, SETUP, clock=person.clock, entropy=person.entropy, cost=CHEAP
        )
    assert person.open().session.employer_key == "kreis"


def test_a_store_without_its_key_file_is_never_touched(district: District) -> None:
    person = district.people["anna"]
    person.lock()
    vault = person.home / "vault.kim"
    kept, before = vault.read_bytes(), (person.home / "store.db").read_bytes()
    vault.unlink()
    assert compose.home_state(person.home) is HomeState.READY
    with pytest.raises(VaultMissingError):
        compose.set_up_district(
            person.home, PASSPHRASE, SETUP, clock=person.clock, entropy=person.entropy, cost=CHEAP
        )
    assert (person.home / "store.db").read_bytes() == before
    vault.write_bytes(kept)
    person.open()


def test_the_status_keeps_the_last_ten_rounds(district: District) -> None:
    for _ in range(11):
        district.round("anna")
    status = district["anna"].status()
    assert len(status.rounds) == 10
    assert status.last_round == status.rounds[0]
    assert status.last_round_ms == max(report.started_ms for report in status.rounds)


def test_a_round_without_a_relay_address_says_that_nobody_answers(district: District) -> None:
    place, _ = compose.set_up_district(
        district.folder / "alone",
        PASSPHRASE,
        SETUP,
        clock=MovingClock(),
        entropy=SeededEntropy("a"),
        cost=CHEAP,
    )
    with pytest.raises(RelayUnreachableError):
        run_round(place)
    place.close()


def test_a_prekey_is_renewed_after_thirty_days_and_older_halves_stay(district: District) -> None:
    anna = district["anna"]
    district.people["anna"].clock.move(days=31)
    district.round("anna", "sina")
    with anna._engine.office.transaction() as post:
        assert len(post.keys.own_prekeys()) == 2
    with district["sina"]._engine.office.transaction() as post:
        newest = post.keys.newest_prekey(anna._engine.index)
        assert newest is not None
    with anna._engine.office.transaction() as post:
        assert newest.id == post.keys.own_prekeys()[0].id


def test_a_channel_gets_another_key_after_thirty_days(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "eins")
    district.round("anna", "sina")
    for name in ("anna", "sina"):
        district.people[name].clock.move(days=31)
    edit_case(anna, case, concern="zwei")
    district.round("anna", "sina")
    with anna._engine.office.transaction() as post:
        key = post.keys.newest_epoch(anna._engine.index, frozenset({1}))
    assert key is not None
    assert key.epoch > 1
    assert case_file(sina, case).text("concern") == "zwei"


def test_a_suspended_device_gets_no_new_key_and_is_put_aside(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "vorher")
    district.round("anna", "sina")
    engine = sina._engine
    rows = tuple(
        replace(device, state=DeviceState.SUSPENDED) if device.index == anna._engine.index else device
        for device in engine.roster.devices
    )
    roster = sign_roster(successor(engine.roster, devices=rows), engine.index, engine.sign)
    sina._rosters().post(roster)
    edit_case(anna, case, concern="nach der Sperre")
    give_directly(anna, sina)
    assert [parcel.reason for parcel in sina.status().parcels] == ["sender_suspended"]
    assert case_file(sina, case).text("concern") == "vorher"
