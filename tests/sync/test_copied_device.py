"""One number with two contents: both stay, everybody is asked to decide, and an alarm names the device."""

from dataclasses import replace

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Dot
from app.domain.merge import Change
from app.services.mailbox import ParcelKind
from sync.encoding import wire
from sync.engine import Engine
from sync.rounds.status import CopiedDevice
from sync.sending.sealing import Place, seal_envelope
from sync.taking.reading import Reading, Tally
from tests.support.district import District, open_case
from tests.support.parcels import give_directly
from tests.support.ports import SeededEntropy

SESSION = 4711


def written(engine: Engine, case: Dot, concern: str) -> Change:
    """A change under a number that a copied disk draws as well."""
    value = wire.encode({"concern": concern})
    hlc = engine.now_ms() << 16
    dot = Dot(engine.device.id, SESSION, 1)
    base, me = RegisterClass.BASE, engine.me.id
    return Change(dot, case, case, "CaseFile", "concern", base, value, Context(), hlc, me, 1)


def sealed(engine: Engine, change: Change, session: int) -> bytes:
    with engine.office.transaction() as post:
        key = post.keys.newest_epoch(engine.index, frozenset({1}))
    assert key is not None
    place = Place(engine.index, key.channel, key.epoch, session, 1, wire.NO_HASH)
    entropy = SeededEntropy("a copied disk")
    return seal_envelope(
        [change], place=place, channel_key=key.key, roster=engine.roster, sign=engine.sign, entropy=entropy
    )


def test_a_number_used_twice_keeps_both_and_names_the_device(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna)
    give_directly(anna, sina)
    engine = anna._engine
    one = written(engine, case, "von der Platte")
    other = replace(one, value=wire.encode({"concern": "von der Kopie"}))
    assert sina.status().copied == ()
    for session, change in ((1, one), (2, other), (1, one)):
        Reading(sina._engine).take(ParcelKind.ENVELOPE, sealed(engine, change, session), Tally())
    assert sina.status().copied == (CopiedDevice(engine.me.id, engine.index, 1),)
    (conflict,) = sina.session.store.queries.conflicts(10)
    concerns = {head.values["concern"] for head in conflict.heads}
    assert concerns >= {"von der Platte", "von der Kopie"}


def test_a_change_of_the_day_after_tomorrow_is_marked_in_conflict_and_history(district: District) -> None:
    anna, sina = district["anna"], district["sina"]
    case = open_case(anna)
    give_directly(anna, sina)
    ahead = (anna._engine.now_ms() + 48 * 3600 * 1000) << 16
    wrong = replace(written(anna._engine, case, "aus der Zukunft"), hlc=ahead)
    Reading(sina._engine).take(ParcelKind.ENVELOPE, sealed(anna._engine, wrong, 1), Tally())
    queries = sina.session.store.queries
    (conflict,) = queries.conflicts(10)
    assert {head.values["concern"]: head.clock_wrong for head in conflict.heads} == {
        "aus der Zukunft": True,
        "Sucht einen Kurs": False,
    }
    marked = [entry.values for entry in queries.history(case, 100) if entry.clock_wrong]
    assert marked == [{"concern": "aus der Zukunft"}]
