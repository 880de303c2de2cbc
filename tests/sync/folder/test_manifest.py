"""The lists of devices in a folder: read strictly, believed as far as they are signed."""

from dataclasses import replace
from pathlib import Path

import pytest

from sync.encoding import wire
from sync.errors import (
    LacksProgramError,
    QuarantinedError,
    ReadingError,
    SenderSuspendedError,
    WrongVersionError,
)
from sync.folder.keys import folder_keys, renew_folder_key
from sync.folder.manifest import (
    MOST_ACKS,
    Manifest,
    Run,
    manifest_name,
    read_manifest,
    seal_manifest,
    unseal_manifest,
    verify_manifest,
)
from sync.roster import DeviceState
from sync.rounds.exchange import Gap
from sync.workplace import Workplace
from tests.support.district import District, open_case
from tests.support.folder import exchange, pass_round
from tests.support.ports import SeededEntropy

KEY = bytes(range(32))
DISTRICT = bytes(32)
LIST = Manifest(
    DISTRICT,
    3,
    1,
    7,
    1_700_000_000_000,
    (Run(5, b"channel1", 1, 4),),
    (Gap(2, 9, b"channel2", 1, 1),),
    (b"an ack",),
)


def sealed(manifest: Manifest = LIST, key: bytes = KEY) -> bytes:
    return seal_manifest(manifest, key, lambda _message: bytes(64), SeededEntropy("list"))


def unsigned(manifest: Manifest) -> Manifest:
    return replace(manifest, signature=b"")


def test_a_list_reads_as_it_was_written() -> None:
    assert unsigned(unseal_manifest(sealed(), (b"\1" * 32, KEY))) == LIST


def test_a_list_opens_under_the_folder_key_only() -> None:
    with pytest.raises(QuarantinedError):
        unseal_manifest(sealed(), (b"\1" * 32,))


@pytest.mark.parametrize("at", range(0, 200, 7))
def test_an_altered_or_shortened_list_is_refused(at: int) -> None:
    data = sealed()
    at %= len(data)
    for bad in (data[:at], data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :], data + b"\0"):
        with pytest.raises(ReadingError):
            unseal_manifest(bad, (KEY,))


def test_a_newer_programs_list_waits_for_the_program() -> None:
    row = wire.decode_strict(sealed(), limit=1 << 20)
    with pytest.raises(LacksProgramError):
        unseal_manifest(wire.encode([2, *row[1:]]), (KEY,))
    with pytest.raises(LacksProgramError):
        unseal_manifest(wire.encode([1, 9, *row[2:]]), (KEY,))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (2, b"short"),
        (3, -1),
        (4, 0),
        (5, 0),
        (7, [[1, b"channel1", 0, 1]]),
        (7, [[1, b"chan", 1, 1]]),
        (8, [[1, 2, b"channel1", 1]]),
        (9, [1]),
        (9, [b""] * (MOST_ACKS + 1)),
    ],
)
def test_a_list_of_another_form_is_refused(place: int, value: object) -> None:
    fields, signature = wire.decode_strict(wire.encode([_row(LIST), bytes(64)]), limit=1 << 20)
    fields[place] = value
    with pytest.raises(ReadingError):
        read_manifest(wire.encode([fields, signature]))


def _row(manifest: Manifest) -> list[object]:
    return list(wire.decode_strict(manifest.content, limit=1 << 20))


def put_list(place: Workplace, stick: Path, manifest: Manifest, signer: Workplace) -> None:
    """Write a list as `manifest.device`'s, signed by another device."""
    key = folder_keys(place.session.store.queries)[-1]
    content = seal_manifest(manifest, key, signer._engine.sign, SeededEntropy("forged"))
    (stick / manifest_name(key, manifest.device).hex()).write_bytes(content)


def list_of(place: Workplace, counter: int) -> Manifest:
    roster = place._engine.roster
    return Manifest(roster.district, place._engine.index, roster.version, counter, 0)


def test_a_list_signed_by_another_device_is_not_believed(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    put_list(anna, stick, list_of(anna, 3), signer=sina)
    report = exchange(sina, stick)
    assert (report.lists, report.broken) == (0, 1)


def test_a_list_of_another_district_is_not_believed(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    put_list(anna, stick, replace(list_of(anna, 3), district=DISTRICT), signer=anna)
    report = exchange(sina, stick)
    assert (report.lists, report.broken) == (0, 1)


def test_an_older_list_is_noticed(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    put_list(anna, stick, list_of(anna, 5), signer=anna)
    assert exchange(sina, stick).older == 0
    put_list(anna, stick, list_of(anna, 4), signer=anna)
    assert exchange(sina, stick).older == 1


def test_forged_acks_in_a_list_free_nothing(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    open_case(anna)
    exchange(anna, stick)
    put_list(sina, stick, replace(list_of(sina, 5), acks=(b"no ack", b"")), signer=sina)
    exchange(anna, stick)
    with anna._engine.office.transaction() as post:
        assert len(post.out.kept()) == 1


def test_a_list_that_misses_something_keeps_it_in_the_folder(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    open_case(anna)
    pass_round(district, stick, "anna", "sina")
    with anna._engine.office.transaction() as post:
        (kept,) = post.out.kept()
    gap = Gap(anna._engine.index, kept.session, kept.channel, kept.n, kept.n)
    with sina._engine.office.transaction() as post:
        acks = tuple(item for item in _acks_of(sina, stick))
    put_list(sina, stick, replace(list_of(sina, 9), wants=(gap,), acks=acks), signer=sina)
    exchange(anna, stick)
    with anna._engine.office.transaction() as post:
        assert post.out.kept() == ()
    assert any(path.read_bytes()[:1] == b"\1" for path in stick.iterdir())


def _acks_of(place: Workplace, stick: Path) -> tuple[bytes, ...]:
    keys = folder_keys(place.session.store.queries)
    name = manifest_name(keys[-1], place._engine.index).hex()
    return unseal_manifest((stick / name).read_bytes(), keys).acks


def test_a_suspended_devices_list_is_not_believed(district: District) -> None:
    anna = district["anna"]
    roster = anna._engine.roster
    out = tuple(
        replace(item, state=DeviceState.SUSPENDED) if item.index == anna._engine.index else item
        for item in roster.devices
    )
    manifest = list_of(anna, 1)
    key = folder_keys(anna.session.store.queries)[-1]
    opened = unseal_manifest(seal_manifest(manifest, key, anna._engine.sign, SeededEntropy("s")), (key,))
    verify_manifest(opened, roster)
    with pytest.raises(SenderSuspendedError):
        verify_manifest(opened, replace(roster, devices=out))


def test_a_list_below_the_floor_is_not_believed(district: District) -> None:
    anna = district["anna"]
    roster = anna._engine.roster
    key = folder_keys(anna.session.store.queries)[-1]
    file = seal_manifest(list_of(anna, 1), key, anna._engine.sign, SeededEntropy("s"))
    opened = unseal_manifest(file, (key,))
    for floor in ({"lowest_suite": 2}, {"lowest_version": 2}):
        with pytest.raises(WrongVersionError):
            verify_manifest(opened, replace(roster, **floor))  # type: ignore[arg-type]  # one field by name


def test_a_suspended_computer_gets_no_new_folder_key(district: District, stick: Path) -> None:
    sina = district["sina"]
    roster = sina._engine.roster
    out = tuple(replace(item, state=DeviceState.SUSPENDED) if item.index else item for item in roster.devices)
    before = folder_keys(sina.session.store.queries)
    for _ in range(2):
        renew_folder_key(sina.session, replace(roster, devices=out))
    after = folder_keys(sina.session.store.queries)
    assert (len(before), len(after), after[0]) == (1, 2, before[0])
    exchange(sina, stick)
    assert (stick / manifest_name(after[-1], 0).hex()).exists()


def test_a_new_folder_key_comes_with_the_folder_itself(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    open_case(anna)
    pass_round(district, stick, "anna", "sina")
    out = replace(sina._engine.roster.devices[1], index=9, state=DeviceState.SUSPENDED)
    renew_folder_key(sina.session, replace(sina._engine.roster, devices=(*sina._engine.roster.devices, out)))
    pass_round(district, stick, "sina", "anna", "sina")
    assert folder_keys(anna.session.store.queries) == folder_keys(sina.session.store.queries)
    assert exchange(anna, stick).broken == 0
    with anna._engine.office.transaction() as post:
        assert post.out.kept() == ()
