"""Files and sheets that a person brings from outside: older than what is known, or by somebody put out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.audience import Member, Role
from app.domain.orders import OrderKind
from sync.district.keepers import WrongOfflineKeyError
from sync.entry.applying import open_admission
from sync.entry.enrolment import read_invitation
from sync.entry.enrolment_files import EnrolmentFileError
from sync.errors import SenderSuspendedError
from tests.support.district import District, open_case
from tests.support.keeper_district import index_of, offline
from tests.support.orders import put_order_list


def test_a_list_of_orders_by_a_suspended_computer_is_refused_and_changes_nothing(
    district: District, tmp_path: Path
) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna)
    anna.orders.issue(OrderKind.RESTRICT, "disputed", case)
    put_order_list(anna, tmp_path / "list")
    sina.keepers.suspend(index_of(district, "anna"))
    with pytest.raises(SenderSuspendedError):
        sina.orders.take_order_list(tmp_path / "list")
    assert sina.orders.overview() == ()


def test_an_older_list_of_orders_takes_nothing_away(district: District, tmp_path: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    cases = [open_case(anna), open_case(anna)]
    district.round("anna", "sina")
    anna.orders.issue(OrderKind.RESTRICT, "disputed", cases[0])
    put_order_list(anna, tmp_path / "older")
    anna.orders.issue(OrderKind.RESTRICT, "disputed", cases[1])
    put_order_list(anna, tmp_path / "newer")
    assert sina.orders.take_order_list(tmp_path / "newer") == 2
    assert sina.orders.take_order_list(tmp_path / "older") == 0
    assert [item.in_force for item in sina.orders.overview()] == [True, True]


def test_an_admission_older_than_the_invitation_is_refused(keepers: District) -> None:
    """The list of members in it may lack who was put out since the keeper invited."""
    sina, ruth = keepers["sina"], keepers["ruth"]
    older = sina.admission()
    ruth.keepers.suspend(index_of(keepers, "anna"))
    keepers.round("sina")
    person = Member(0, "Nele", "kreis", Role.CASE_MANAGER, supervisor=sina.session.me)
    invitation = read_invitation(sina.invite(person, by_file=True).decode())
    with pytest.raises(EnrolmentFileError) as caught:
        open_admission(invitation, older, bytes(32))
    assert caught.value.params == {"reason": "old"}


def test_a_sheet_from_the_safe_that_was_replaced_opens_nothing(keepers: District) -> None:
    sina, ruth = keepers["sina"], keepers["ruth"]
    old = offline(keepers)
    _step, new = ruth.keepers.new_offline_key(old)
    keepers.round("sina")
    later = sina.roster.expires + timedelta(days=30)
    with pytest.raises(WrongOfflineKeyError):
        sina.keepers.extend(later, old)
    sina.keepers.extend(later, new)
    assert sina.roster.expires == later


def test_a_sheet_of_another_districts_safe_opens_nothing(keepers: District, tmp_path: Path) -> None:
    with District.found(tmp_path / "other", "other", relay=keepers.relay) as other:
        foreign = other["sina"].offline_key
    with pytest.raises(WrongOfflineKeyError):
        keepers["sina"].keepers.extend(keepers["sina"].roster.expires + timedelta(days=30), foreign)
