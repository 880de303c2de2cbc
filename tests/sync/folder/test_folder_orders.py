"""Orders, purges and asks by folder alone."""

from pathlib import Path

from app.domain.orders import OrderKind
from app.services import stand_ins
from sync.rounds.exchange import Kind
from tests.support.district import District, case_file, edit_case, give_consent, open_case, stored
from tests.support.folder import exchange, pass_round

SECRET = "Fischteichweg"


def kinds_in(stick: Path) -> set[int]:
    """The kinds of the items that lie there; lists have none."""
    return {path.read_bytes()[0] for path in stick.iterdir()} & {*Kind}


def test_an_erasure_goes_by_stick_and_voids_what_lies_there(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "vorher")
    pass_round(district, stick, "anna", "sina", "anna")
    edit_case(anna, case, concern=SECRET)
    pass_round(district, stick, "anna")
    order = anna.orders.issue(OrderKind.ERASE, "client_wish", case)
    pass_round(district, stick, "anna")
    held = {path.name: path.read_bytes() for path in stick.iterdir()}
    pass_round(district, stick, "sina")
    sina.orders.sign(order)
    pass_round(district, stick, "sina", "anna", "sina", "anna", "sina")
    for place in (anna, sina):
        assert place.session.store.queries.record("CaseFile", case) is None
        assert place.session.store.queries.search_cases(SECRET, 5) == ()
        assert place.status().parcels == ()
    for name, content in held.items():
        (stick / name).write_bytes(content)
    pass_round(district, stick, "sina", "anna", "sina")
    for place in (anna, sina):
        assert place.session.store.queries.record("CaseFile", case) is None
        assert (place.status().parcels, place.status().gaps) == ((), ())


def test_a_purge_lies_in_the_folder_until_everybody_read_it(district: District, stick: Path) -> None:
    district.join("ben")
    district.round("ben", "sina", "anna", "ben", "anna")
    anna, sina, ben = district["anna"], district["sina"], district["ben"]
    case = open_case(anna, SECRET)
    give_consent(anna, case, "consent", stand_in_item="yes")
    stand_ins.name_stand_in(anna.session, case, district.member("ben"), "2020-01-01", "", "holiday")
    pass_round(district, stick, "anna", "sina", "anna")
    order = anna.orders.issue(OrderKind.ERASE, "client_wish", case)
    pass_round(district, stick, "anna", "sina")
    sina.orders.sign(order)
    pass_round(district, stick, "sina", "anna", "anna")
    assert stored(anna, "SELECT count(*) FROM purge_out") == [(1,)]
    assert Kind.PURGE in kinds_in(stick)
    pass_round(district, stick, "ben", "sina", "anna", "ben", "anna")
    assert ben.session.store.queries.record("CaseFile", case) is None
    assert (ben.status().parcels, ben.status().gaps) == ((), ())
    assert Kind.PURGE not in kinds_in(stick)


def test_a_key_that_went_with_an_older_disk_is_asked_for_by_stick(district: District, stick: Path) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna, "eins")
    exchange(anna, stick)
    for path in stick.iterdir():
        if path.read_bytes()[0] == Kind.GRANT:
            path.unlink()
    exchange(sina, stick)
    pass_round(district, stick, "anna", "sina")
    assert case_file(sina, case).text("concern") == "eins"
