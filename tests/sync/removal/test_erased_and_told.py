"""Somebody who has not heard of an erasure tells the state of the case file to who has carried it out."""

from app.domain.orders import OrderKind
from sync.sending.own_channels import Channels
from sync.sending.telling import LASTING, Telling
from tests.support.district import District, add, edit_case, open_case
from tests.support.parcels import give_directly


def test_a_state_of_an_erased_case_file_waits_for_nothing(three: District) -> None:
    """Ben knows no more whether carl, whose words carl's own computer tells him, ever worked there."""
    anna, ben, sina, carl = three["anna"], three["ben"], three["sina"], three.join("carl")
    case = open_case(anna)
    for name in ("ben", "carl"):
        add(anna, "StandIn", case, stand_in=three.member(name), stand_in_since="2026-01-01")
    for _ in range(2):
        three.round("sina", "anna", "ben", "carl")
    edit_case(carl, case, concern="von carl")
    order = anna.orders.issue(OrderKind.ERASE, "client_wish", case)
    three.round("anna", "sina")
    sina.orders.sign(order)
    three.round("sina", "ben")
    assert ben.session.store.queries.record("CaseFile", case) is None
    engine, member = carl._engine, frozenset({three.member("ben")})
    with engine.office.transaction() as post:
        channels = Channels(engine)
        told = post.asking.state_of_case(case, LASTING)
        Telling(engine, channels).tell(post, channels.open(post, member), told)
    give_directly(carl, ben)
    assert ben.status().parcels == ()
    assert ben.session.store.queries.record("CaseFile", case) is None
