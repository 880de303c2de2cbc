"""Keys that a disk lost: its own, which others still have, and a prekey that others go on sealing to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.services.mailbox import ParcelKind
from sync.rounds.exchange import RoundRequest
from sync.signed.ask import Ask, GrantWish, sign_ask
from sync.signed.prekey import sign_prekey
from sync.taking.answering import Answering
from sync.taking.reading import Reading, Tally
from sync.workplace import Workplace
from tests.support.brought_back import back_up, bring_back
from tests.support.district import District, case_file, edit_case, give_consent, open_case
from tests.support.parcels import hand_over, sealed_items


def leave_at_the_relay_alone(district: District) -> None:
    """Let what Anna wrote lie at a relay that has lost the grants of its channel; Sina has the key."""
    items = sealed_items(district["anna"], district["sina"])
    hand_over(district["sina"], [item for item in items if item[0] is ParcelKind.GRANT])
    envelopes = tuple(sealed for kind, sealed in items if kind is ParcelKind.ENVELOPE)
    request = RoundRequest(district["anna"]._engine.roster.version, envelopes=envelopes)
    district["anna"]._open_carrier().round(request)


def is_whole(place: Workplace) -> bool:
    status = place.status()
    return (status.parcels, status.gaps, status.wanted) == ((), (), None)


def test_own_parcel_that_nobody_got_is_opened_by_a_key_given_back(district: District, tmp_path: Path) -> None:
    """The channel was begun after the backup; those for whom it is have its key, and not the parcel."""
    case = open_case(district["anna"], "vor der Sicherung")
    backup = back_up(district, "anna", tmp_path / "stick")
    edit_case(district["anna"], case, concern="nach der Sicherung")
    leave_at_the_relay_alone(district)

    anna = bring_back(district, "anna", backup)
    district.round("anna", "sina", "anna", "sina", "anna")

    for place in (anna, district["sina"]):
        assert case_file(place, case).text("concern") == "nach der Sicherung"
        assert is_whole(place)


def test_what_waits_for_a_key_is_read_with_it_though_the_state_tells_less_by_now(
    district: District, tmp_path: Path
) -> None:
    """It was sent before the client said no; what is told since holds nothing of it, and never will."""
    case = open_case(district["anna"], "vor der Sicherung")
    district.round("anna", "sina", "anna")
    backup = back_up(district, "sina", tmp_path / "stick")
    edit_case(district["anna"], case, concern="nach der Sicherung")
    district.round("anna")
    sina = bring_back(district, "sina", backup)
    district.round("sina")
    assert {parcel.reason for parcel in sina.status().parcels} == {"lacks_grant"}
    give_consent(district["anna"], case, "consent", supervision_item="no")
    district.round("anna", "sina")
    assert case_file(sina, case).text("concern") == "nach der Sicherung"


def test_key_is_given_back_to_its_own_device_alone(three: District) -> None:
    """Whoever else asks for it gets nothing: others are granted it by whose channel it is."""
    open_case(three["anna"])
    three.round("anna", "sina", "anna")
    sina = three["sina"]._engine
    with sina.office.transaction() as post:
        anna = three["anna"]._engine.index
        key = next(item for item in post.keys.live_channel_keys() if item.device == anna)
        wish = GrantWish(anna, key.channel, key.epoch)
        for name in ("ben", "anna"):
            Answering(sina).take(post, asked_by(three[name], sina.index, wish))
        assert post.keys.granted_devices(key.channel, key.epoch) == {anna}


def test_who_goes_on_sealing_to_a_lost_prekey_hears_of_a_newer_one(
    district: District, tmp_path: Path
) -> None:
    """Of two prekeys of one day the older came later: without a third one nothing could be read for ever."""
    case = open_case(district["anna"])
    district.round("anna", "sina", "anna")
    anna = bring_back(district, "anna", back_up(district, "anna", tmp_path / "stick"))
    district.round("anna")
    edit_case(district["sina"], case, concern="an einen verlorenen Schlüssel")
    take_prekeys(district["sina"], newest_prekey(anna), a_lost_prekey(anna))
    district.round("sina", "anna")
    assert {parcel.reason for parcel in anna.status().parcels} == {"lacks_prekey", "lacks_grant"}

    district.people["anna"].clock.move(hours=2)
    district.round("anna", "sina", "anna")

    assert case_file(anna, case).text("concern") == "an einen verlorenen Schlüssel"
    assert is_whole(anna)


def asked_by(asker: Workplace, asked: int, wish: GrantWish) -> bytes:
    engine = asker._engine
    ask = Ask(engine.roster.district, engine.roster.version, engine.index, (asked,), 1, (wish,))
    return sign_ask(ask, engine.sign)


def a_lost_prekey(owner: Workplace) -> bytes:
    """Give one that this computer made tomorrow, for all that others know, and whose private half is gone."""
    engine = owner._engine
    _private, public = engine.new_prekey()
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return sign_prekey(engine.roster, engine.index, public, tomorrow, engine.sign)


def newest_prekey(place: Workplace) -> bytes:
    with place._engine.office.transaction() as post:
        return post.keys.own_prekeys()[0].signed


def take_prekeys(place: Workplace, *prekeys: bytes) -> None:
    """Let them come in this order."""
    for prekey in prekeys:
        Reading(place._engine).take(ParcelKind.PREKEY, prekey, Tally())
