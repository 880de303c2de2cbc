"""Signed orders, purges and order lists that are wrong: held or quarantined, each with its reason."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.dots import Dot
from app.domain.orders import Order, OrderKind
from sync.encoding import wire
from sync.encoding.wire import WireError
from sync.errors import (
    LacksProgramError,
    LacksRosterError,
    ReadingError,
    SenderSuspendedError,
    WrongAuthorError,
    WrongDistrictError,
    WrongSenderError,
    WrongSignatureError,
    WrongSizeError,
    WrongVersionError,
)
from sync.roster import DeviceState, Roster
from sync.signed.order import check_order, order_content, read_order, sign_order
from sync.signed.purge import Purge, Voided, read_purge, sign_purge, verify_purge
from tests.support.district import District, open_case
from tests.support.orders import put_order_list
from tests.support.wire import ANNAS, BENS, key_of, roster_chain

ROSTER = roster_chain()[-1]
CASE = Dot(1, 2, 3)
ORDER = Order(OrderKind.ERASE, "client_wish", 20_000, bytes(8), frozenset({CASE}))
PURGE = Purge(ROSTER.district, 4, ANNAS, b"channel!", 1, (Voided(1, 1, bytes(32), b""),))


def signed(order: Order = ORDER, signer: int = ANNAS, key: str = "anna", roster: Roster = ROSTER) -> bytes:
    return sign_order(order_content(order, roster), signer, roster, key_of(key).sign)


def with_content(alter: Callable[[list[object]], None]) -> bytes:
    """An order whose content is altered and signed again."""
    fields = wire.decode_strict(order_content(ORDER, ROSTER), limit=wire.ORDER_LIMIT)
    alter(fields)
    return sign_order(wire.encode(fields), ANNAS, ROSTER, key_of("anna").sign)


def set_at(place: int, value: object) -> Callable[[list[object]], None]:
    return lambda fields: fields.__setitem__(place, value)


def suspended() -> Roster:
    rows = tuple(
        replace(device, state=DeviceState.SUSPENDED) if device.index == ANNAS else device
        for device in ROSTER.devices
    )
    return replace(ROSTER, devices=rows)


def test_an_order_reads_as_it_was_signed_and_goes_by_its_content() -> None:
    check_order(signed(), ANNAS, ROSTER)
    bens = read_order(signed(signer=BENS, key="ben"))
    assert read_order(signed()).id == bens.id
    assert read_order(signed()).order == ORDER


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (signed(key="ben"), WrongSignatureError),
        (signed(signer=BENS, key="ben"), WrongAuthorError),
        (signed(signer=77), WrongSenderError),
        (signed(roster=replace(ROSTER, first=bytes(32))), WrongDistrictError),
        (with_content(set_at(0, 9)), LacksProgramError),
        (with_content(set_at(1, 9)), LacksProgramError),
        (with_content(set_at(3, "forgive")), LacksProgramError),
        (with_content(set_at(4, "weather")), WireError),
        (with_content(set_at(6, b"short")), WireError),
        (with_content(set_at(7, [])), WireError),
        (with_content(set_at(7, [CASE.to_bytes(), CASE.to_bytes()])), WireError),
        (with_content(set_at(7, [b"\0" * 18])), WireError),
        (with_content(set_at(12, -1)), WireError),
        (with_content(lambda fields: fields.append(1)), WireError),
        (signed()[:-1], WireError),
        (signed() + b"\0", WireError),
        (b"", WireError),
        (bytes(wire.VALUE_LIMIT + 1), WrongSizeError),
    ],
)
def test_a_wrong_order_is_refused(document: bytes, error: type[ReadingError]) -> None:
    with pytest.raises(error):
        check_order(document, ANNAS, ROSTER)


def test_an_order_of_a_newer_roster_waits() -> None:
    later = replace(ROSTER, version=ROSTER.version + 1)
    with pytest.raises(LacksRosterError):
        check_order(signed(signer=77, roster=later), 77, ROSTER)


def test_a_suite_below_the_floor_is_refused() -> None:
    with pytest.raises(WrongVersionError):
        check_order(signed(), ANNAS, replace(ROSTER, lowest_suite=2))
    with pytest.raises(WrongVersionError):
        verify_purge(PURGE, replace(ROSTER, lowest_suite=2))


def test_an_order_that_names_too_much_is_refused_before_it_is_signed() -> None:
    cases = frozenset(Dot(1 << 60, 1 << 60, seq + 1) for seq in range(2000))
    with pytest.raises(WrongSizeError):
        order_content(replace(ORDER, cases=cases), ROSTER)


@pytest.mark.parametrize(
    ("purge", "key", "error"),
    [
        (PURGE, "ben", WrongSignatureError),
        (replace(PURGE, district=bytes(32)), "anna", WrongDistrictError),
        (replace(PURGE, device=77), "anna", WrongSenderError),
        (replace(PURGE, device=77, roster_version=99), "anna", LacksRosterError),
        (replace(PURGE, places=()), "anna", WireError),
        (replace(PURGE, places=PURGE.places * 2), "anna", WireError),
        (replace(PURGE, places=(Voided(1, 0, bytes(32), b""),)), "anna", WireError),
        (replace(PURGE, places=(Voided(1, 1, bytes(31), b""),)), "anna", WireError),
    ],
)
def test_a_wrong_purge_is_refused(purge: Purge, key: str, error: type[ReadingError]) -> None:
    data = sign_purge(purge, key_of(key).sign)
    with pytest.raises(error):
        verify_purge(read_purge(data), ROSTER)


def test_a_suspended_device_purges_nothing() -> None:
    with pytest.raises(SenderSuspendedError):
        verify_purge(read_purge(sign_purge(PURGE, key_of("anna").sign)), suspended())


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: data + b"\0", lambda _data: b""])
def test_a_damaged_order_list_is_refused_and_changes_nothing(
    district: District, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / "kim-orders"
    case = open_case(district["anna"])
    district["anna"].orders.issue(OrderKind.RESTRICT, "disputed", case)
    put_order_list(district["anna"], path)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(ReadingError):
        district["sina"].orders.take_order_list(path)
    assert district["sina"].orders.overview() == ()


def test_an_order_list_of_another_district_is_refused(district: District, tmp_path: Path) -> None:
    path = tmp_path / "kim-orders"
    with District.found(tmp_path / "other", "other", relay=district.relay) as other:
        put_order_list(other["sina"], path)
    with pytest.raises(WrongDistrictError):
        district["anna"].orders.take_order_list(path)
