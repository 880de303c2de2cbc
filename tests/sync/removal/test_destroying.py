"""Keys that are destroyed: what was kept of an envelope and its grant stays closed, with all that is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.security.errors import PrekeyMalformedError
from app.services.mailbox import ChannelKey, OwnPrekey, ParcelKind
from sync.channel import open_grant
from sync.encoding import wire
from sync.envelope import Envelope, read_header
from sync.errors import ReadingError
from sync.home import Home
from sync.recovery.restore import restore
from sync.sending.sealing import Place, open_envelope, seal_body
from sync.signed.grant import Grant, read_grant
from sync.workplace import Workplace
from tests.audit.vault import database_key
from tests.support.backups import decrypted, decrypted_log
from tests.support.brought_back import back_up
from tests.support.district import PASSPHRASE, District, edit_case, open_case, stored
from tests.support.parcels import hand_over
from tests.support.ports import SeededEntropy
from tests.support.steered_relay import SteeredRelay


@pytest.fixture
def steered(tmp_path: Path) -> Iterator[District]:
    relay = SteeredRelay(tmp_path / "relay")
    with District.found(tmp_path / "district", relay=relay) as founded:
        founded.join("anna")
        founded.round("sina", "anna", "sina")
        yield founded
    relay.stop()


def days(district: District, count: float) -> None:
    assert isinstance(district.relay, SteeredRelay)
    district.relay.move(count)
    for person in district.people.values():
        person.clock.move(days=count)


def months(district: District, count: int, *names: str) -> None:
    """Let months pass, with a round of each every month, as prekeys are renewed and read."""
    for _ in range(count):
        days(district, 30.5)
        district.round(*names, *names)


def keys_of(place: Workplace) -> tuple[tuple[OwnPrekey, ...], tuple[ChannelKey, ...]]:
    """All private halves and channel keys that a disk holds."""
    with place._engine.office.transaction() as post:
        return post.keys.own_prekeys(), post.keys.live_channel_keys()


def opens(place: Workplace, grant: Grant, envelope: Envelope) -> bool:
    """Try every private half and every channel key of a disk on a grant and an envelope."""
    prekeys, channel_keys = keys_of(place)
    tried = [key.key for key in channel_keys]
    for prekey in prekeys:
        try:
            tried.append(open_grant(grant, prekey.private))
        except (ReadingError, PrekeyMalformedError):
            continue
    for key in tried:
        try:
            open_envelope(envelope, key, place.roster)
        except ReadingError:
            continue
        return True
    return False


def kept_copy(sender: Workplace, recipient: Workplace) -> tuple[Grant, Envelope]:
    """What somebody may have copied on the way: one envelope, and the grant of its key."""
    index = recipient._engine.index
    ((sealed, channel, epoch),) = stored(
        sender,
        "SELECT sealed.sealed, channel, epoch FROM sealed JOIN grant_out USING (channel, epoch)"
        " WHERE recipient = ? AND sealed.sealed IS NOT NULL ORDER BY at_ms DESC LIMIT 1",
        index,
    )
    ((grant,),) = stored(
        sender,
        "SELECT sealed FROM grant_out WHERE recipient = ? AND channel = ? AND epoch = ?",
        index,
        channel,
        epoch,
    )
    return read_grant(bytes(grant)), read_header(bytes(sealed))


def test_copied_envelope_and_grant_stay_closed_once_the_keys_are_destroyed(
    steered: District, tmp_path: Path
) -> None:
    anna, sina = steered["anna"], steered["sina"]
    open_case(anna, "nicht für spätere Leser")
    steered.round("anna")
    grant, envelope = kept_copy(anna, sina)
    steered.round("sina", "sina", "anna", "anna")
    assert opens(sina, grant, envelope)
    private = next(item.private for item in keys_of(sina)[0] if item.id == grant.fields.prekey)
    assert private in decrypted_pages(steered, "sina")
    backup = back_up(steered, "sina", tmp_path / "stick")

    months(steered, 5, "anna", "sina")

    assert not opens(sina, grant, envelope)
    assert not opens(anna, grant, envelope)
    with sina._engine.office.transaction() as post:
        assert post.rounds.state("destroyed_in_log") is None
    assert private not in decrypted_pages(steered, "sina")
    clock, entropy = steered.people["sina"].clock, SeededEntropy("thief")
    brought = restore(tmp_path / "brought back", backup.path, PASSPHRASE, clock=clock, entropy=entropy)
    assert not opens(brought, grant, envelope)
    brought.close()


def decrypted_pages(district: District, name: str) -> bytes:
    """Every byte of a store's pages and log, free ones too, as they lie there under the encryption."""
    home = Home(district.people[name].home)
    key = database_key(home.vault, PASSPHRASE)
    log = home.database.with_name(home.database.name + "-wal")
    return decrypted(home.database, key) + decrypted_log(log, key)


def test_held_envelope_keeps_the_keys_that_it_needs(steered: District) -> None:
    anna, sina = steered["anna"], steered["sina"]
    case = open_case(anna, "erst")
    steered.round("anna", "sina", "sina", "anna")
    edit_case(anna, case, concern="im Umschlag")
    steered.round("anna")
    stored(sina, "UPDATE channel_key SET key = x'' WHERE device = ?", anna._engine.index)
    stored(anna, "UPDATE channel_key SET key = x'' WHERE device = ?", anna._engine.index)
    steered.round("sina")
    assert [parcel.reason for parcel in sina.status().parcels] == ["lacks_grant"]
    before = {item.id for item in keys_of(sina)[0]}

    months(steered, 5, "sina")

    assert before <= {item.id for item in keys_of(sina)[0]}


def test_quarantined_envelope_keeps_no_keys(steered: District) -> None:
    anna, sina = steered["anna"], steered["sina"]
    open_case(anna, "erst")
    steered.round("anna", "sina", "sina", "anna")
    engine = anna._engine
    with engine.office.transaction() as post:
        key = post.keys.newest_epoch(engine.index, frozenset({sina.session.me}))
    assert key is not None
    place = Place(engine.index, key.channel, key.epoch, 4711, 1, wire.NO_HASH)
    entropy = SeededEntropy("forger")
    bad = seal_body(
        b"\xff", [], place=place, channel_key=key.key, roster=engine.roster, sign=engine.sign, entropy=entropy
    )
    hand_over(sina, [(ParcelKind.ENVELOPE, bad)])
    assert [parcel.state for parcel in sina.status().parcels] == ["quarantined"]
    before = {item.id for item in keys_of(sina)[0]}

    months(steered, 5, "anna", "sina")

    assert before.isdisjoint(item.id for item in keys_of(sina)[0])


def test_clock_alone_destroys_nothing(steered: District) -> None:
    sina = steered["sina"]
    before = {item.id for item in keys_of(sina)[0]}
    steered.people["sina"].clock.move(days=3650)
    steered.round("sina", "sina")
    assert before <= {item.id for item in keys_of(sina)[0]}
