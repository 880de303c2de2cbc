"""Hostile and unfit items: each is put aside with its reason, nothing is taken from it, all else goes on."""

import secrets
from dataclasses import replace

import pytest
import zstandard

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.services.mailbox import ParcelKind
from sync.encoding import wire
from sync.encoding.compression import padme
from sync.engine import Engine
from sync.roster import Device, Roster
from sync.sending.sealing import Place, seal_envelope
from sync.taking.reading import Reading, Tally
from sync.workplace import Workplace
from tests.support.district import District, case_file, edit_case, open_case, stored
from tests.support.parcels import give_directly, hand_over, sealed_items
from tests.support.ports import SeededEntropy
from tests.support.relay_district import MANAGER, RelayDistrict


def reasons(place: Workplace) -> list[tuple[str, str]]:
    return [(parcel.state, parcel.reason) for parcel in place.status().parcels]


def take(place: Workplace, sealed: bytes) -> Tally:
    tally = Tally()
    Reading(place._engine).take(ParcelKind.ENVELOPE, sealed, tally)
    return tally


def a_change(engine: Engine, record: Dot | None = None, **values: object) -> Change:
    dot = Dot(engine.device.id, secrets.randbits(64), 1)
    value = wire.encode(values or {"concern": "gefälscht"})
    case = record or dot
    hlc = engine.now_ms() << 16
    return Change(
        dot, case, case, "CaseFile", "concern", RegisterClass.BASE, value, Context(), hlc, engine.me.id, 1
    )


def seal(engine: Engine, *changes: Change, roster: Roster | None = None, index: int | None = None) -> bytes:
    """Seal changes under the sender's key to the keeper, at a place of a stream of its own."""
    with engine.office.transaction() as post:
        key = post.keys.newest_epoch(engine.index, frozenset({1}))
    assert key is not None
    sender = engine.index if index is None else index
    return seal_envelope(
        changes,
        place=Place(sender, key.channel, key.epoch, secrets.randbits(64), 1, wire.NO_HASH),
        channel_key=key.key,
        roster=roster or engine.roster,
        sign=engine.sign,
        entropy=SeededEntropy("forger"),
    )


@pytest.fixture
def anna(district: District) -> Engine:
    """A case manager whose channel to the keeper is open: her next item is hers to forge."""
    open_case(district["anna"])
    give_directly(district["anna"], district["sina"])
    return district["anna"]._engine


def still_works(district: District) -> bool:
    case = open_case(district["anna"], "danach")
    give_directly(district["anna"], district["sina"])
    return case_file(district["sina"], case).text("concern") == "danach"


def test_an_envelope_of_an_unknown_device_is_put_aside(district: District, anna: Engine) -> None:
    rogue = Device(77, anna.me.id, anna.device.public_key, 77)
    forged = replace(anna.roster, devices=(*anna.roster.devices[:-1], rogue))
    take(district["sina"], seal(anna, a_change(anna), roster=forged, index=77))
    assert reasons(district["sina"]) == [("quarantined", "wrong_sender")]
    assert still_works(district)


def test_an_envelope_that_names_a_newer_roster_is_held(district: District, anna: Engine) -> None:
    rogue = Device(77, anna.me.id, anna.device.public_key, 77)
    newer = replace(anna.roster, version=9, devices=(*anna.roster.devices[:-1], rogue))
    take(district["sina"], seal(anna, a_change(anna), roster=newer, index=77))
    assert reasons(district["sina"]) == [("held", "lacks_roster")]
    assert still_works(district)


def test_an_envelope_of_another_district_is_put_aside(district: District, anna: Engine) -> None:
    stranger = RelayDistrict().devices[MANAGER]
    stranger.open_channel(stranger)
    take(district["sina"], stranger.seal("fremd"))
    assert reasons(district["sina"]) == [("quarantined", "wrong_district")]
    assert still_works(district)


def test_an_envelope_with_a_broken_signature_is_put_aside(district: District, anna: Engine) -> None:
    sealed = bytearray(seal(anna, a_change(anna)))
    sealed[-1] ^= 1
    take(district["sina"], bytes(sealed))
    assert reasons(district["sina"]) == [("quarantined", "wrong_signature")]
    assert still_works(district)


def test_an_envelope_with_an_inflated_size_is_put_aside(
    district: District, anna: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(wire.BODY_LIMIT + 1))
    with monkeypatch.context() as patch:
        patch.setattr("sync.sending.sealing.compress", lambda _body: bomb.ljust(padme(len(bomb)), b"\0"))
        sealed = seal(anna, a_change(anna))
    take(district["sina"], sealed)
    assert reasons(district["sina"]) == [("quarantined", "wrong_content")]
    assert still_works(district)


def test_an_envelope_that_is_too_large_is_put_aside(district: District, anna: Engine) -> None:
    take(district["sina"], bytes(wire.ENVELOPE_LIMIT + 1))
    assert reasons(district["sina"]) == [("quarantined", "wrong_size")]
    assert still_works(district)


@pytest.mark.parametrize("length", [0, 1, 40, 300])
def test_bytes_that_are_no_envelope_are_put_aside(district: District, length: int) -> None:
    take(district["sina"], bytes(length))
    assert reasons(district["sina"]) == [("quarantined", "wrong_structure")]


def test_an_envelope_without_its_grant_is_held_until_the_grant_comes(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "wartet")
    grant, envelope = sealed_items(anna, sina)
    hand_over(sina, [envelope])
    assert reasons(sina) == [("held", "lacks_grant")]
    hand_over(sina, [grant])
    assert (reasons(sina), case_file(sina, case).text("concern")) == ([], "wartet")


def test_a_case_file_of_somebody_else_is_not_written_by_naming_oneself(district: District) -> None:
    district.join("mallory")
    district.round("mallory", "sina", "anna", "mallory")
    anna, sina, mallory = district["anna"], district["sina"], district["mallory"]
    case = open_case(anna, "echt")
    give_directly(anna, sina)
    open_case(mallory)
    give_directly(mallory, sina)
    engine = mallory._engine
    forged = replace(a_change(engine, case, responsible=engine.me.id), register="responsible")
    take(sina, seal(engine, forged))
    take(sina, seal(engine, a_change(engine, case)))
    assert reasons(sina) == [("held", "lacks_assignment")] * 2
    assert case_file(sina, case).number("responsible") == district.member("anna")


def test_a_change_does_not_slip_into_another_case_file_under_the_name_of_ones_own(
    district: District,
) -> None:
    district.join("mallory")
    district.round("mallory", "sina", "anna", "mallory")
    anna, sina, mallory = district["anna"], district["sina"], district["mallory"]
    theirs, own = open_case(anna, "echt"), open_case(mallory)
    give_directly(mallory, sina)
    engine = mallory._engine
    forged = replace(a_change(engine, theirs), case=own)
    take(sina, seal(engine, replace(forged, type="Person", register="birth", value=wire.encode({}))))
    give_directly(anna, sina)
    assert reasons(sina) == [("held", "lacks_record")]
    assert case_file(sina, theirs).text("concern") == "echt"


def test_what_only_the_ki_writes_is_refused_from_a_case_manager(district: District, anna: Engine) -> None:
    change = a_change(anna, employer_key="kreis")
    forged = replace(change, case=None, type="Employer", register="controller", cls=RegisterClass.KI)
    take(district["sina"], seal(anna, forged))
    assert reasons(district["sina"]) == [("quarantined", "wrong_author")]


def test_what_may_be_taken_of_an_envelope_waits_for_nothing_else_in_it(
    district: District, anna: Engine
) -> None:
    sina = district["sina"]
    case, new = open_case(district["anna"]), a_change(anna, concern="neu")
    give_directly(district["anna"], sina)
    later = replace(a_change(anna, new.record, concern="geändert"), hlc=new.hlc + 1)
    sealed = seal(anna, later, a_change(anna, case, concern="lesbar"))
    take(sina, sealed)
    assert reasons(sina) == [("held", "lacks_record")]
    assert case_file(sina, case).text("concern") == "lesbar"
    # What the others wait for comes: the whole is taken, and proven by its envelope.
    take(sina, seal(anna, new))
    Reading(sina._engine).read_again(Tally(news=True))
    assert reasons(sina) == []
    assert case_file(sina, new.record).text("concern") == "geändert"
    with sina._engine.office.transaction() as post:
        assert post.asking.proofs_of([later], [anna.index])


def test_of_an_envelope_in_which_something_is_wrong_nothing_is_taken(
    district: District, anna: Engine
) -> None:
    sina = district["sina"]
    case = open_case(district["anna"], "echt")
    give_directly(district["anna"], sina)
    strange = a_change(anna, Dot(anna.device.id, 1, 1))
    wrong = a_change(anna, case, concern=7)
    take(sina, seal(anna, a_change(anna, case, concern="nicht"), strange, wrong))
    assert reasons(sina) == [("quarantined", "wrong_content")]
    assert case_file(sina, case).text("concern") == "echt"


@pytest.mark.parametrize("value", [7, b"\0", ["a"], 2**63])
def test_a_value_of_another_kind_is_put_aside(district: District, anna: Engine, value: object) -> None:
    take(district["sina"], seal(anna, a_change(anna, concern=value)))
    assert reasons(district["sina"]) == [("quarantined", "wrong_content")]
    assert still_works(district)


def test_other_bytes_at_a_place_are_put_aside(district: District, anna: Engine) -> None:
    sina = district["sina"]
    change = a_change(anna)
    first = seal(anna, change)
    take(sina, first)
    with anna.office.transaction() as post:
        key = post.keys.newest_epoch(anna.index, frozenset({1}))
    assert key is not None
    ((session,),) = stored(sina, "SELECT session FROM received ORDER BY at_ms DESC LIMIT 1")
    twin = seal_envelope(
        [a_change(anna)],
        place=Place(anna.index, key.channel, key.epoch, int.from_bytes(session, "big"), 1, wire.NO_HASH),
        channel_key=key.key,
        roster=anna.roster,
        sign=anna.sign,
        entropy=SeededEntropy("copied disk"),
    )
    take(sina, twin)
    assert reasons(sina) == [("quarantined", "stream_fork")]


def test_a_change_of_the_day_after_tomorrow_is_marked(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "heute")
    district.people["anna"].clock.move(days=2)
    edit_case(anna, case, concern="übermorgen")
    give_directly(anna, sina)
    with sina._engine.office.transaction() as post:
        assert len(post.into.clock_wrong()) == 1
    assert case_file(sina, case).text("concern") == "übermorgen"
