"""A new supervisor: how many bytes the state of a thousand case files takes, and its proofs beside it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from app.domain.audience import Role
from app.domain.dots import Dot
from app.services import stand_ins
from sync.envelope import read_header
from sync.sending.sealing import open_body
from sync.workplace import Workplace
from tests.benchmarks.language import German
from tests.benchmarks.rows import Measured
from tests.support.district import District, edit_case, run_round, start_relay, stored
from tests.support.invented.case_files import invent_case, write_case

CASES = 1000
WRITTEN = 120
"""So many of them are written, and the bytes reckoned up: parts are alike, whatever their number."""
STRESSED = 800
"""As many as one device has numbers for in a year, or nearly."""
CHANGES = 60
_OTHERS = 6
"""Changes of each case file that a stand-in wrote."""
_SEED = "newcomer"
_DAY = date(2026, 11, 2)


def measure(folder: Path, count: int = WRITTEN) -> list[Measured]:
    """Give the row of the new supervisor's state; `count` case files of 60 changes each."""
    relay = start_relay(folder / "relay")
    try:
        with District.found(folder / "district", _SEED, relay=relay) as district:
            for name, role in (("ben", Role.CASE_MANAGER), ("sven", Role.SUPERVISOR)):
                district.join(name, role)
            district.join("anna")
            district.round()
            district.round()
            return [_measured(district, count)]
    finally:
        relay.stop()


def _measured(district: District, count: int) -> Measured:
    anna, sven = district["anna"], district.member("sven")
    made = [_write(district, number) for number in range(count)]
    for name in ("anna", "ben"):
        run_round(district[name])
    for number, case in enumerate(made):
        _write_more(district["ben"], case, German(f"{_SEED}/ben/{number}"), _OTHERS)
    for name in ("ben", "anna"):
        run_round(district[name])
    for case in made:
        edit_case(anna, case, supervision=sven)
    run_round(anna)
    state, proofs, parts = _told(anna, sven)
    told = (
        f"{count:,} case files × {_changes(anna, count):.0f} changes: {state:,} bytes in {parts} envelopes;"
        f" the proofs of what a stand-in wrote beside it: {proofs:,} bytes"
    )
    return Measured("new_supervisor.state", state * CASES / count, told)


def _write(district: District, number: int) -> Dot:
    """Write a case file as months of work leave it; its stand-in may read."""
    anna = district["anna"]
    case = write_case(anna.session, invent_case(_SEED, number, _DAY - timedelta(days=number % 700), 3)).id
    if case is None:
        raise AssertionError("a saved case file has an id")
    stand_ins.name_stand_in(anna.session, case, district.member("ben"), "2020-11-02", "", "holiday")
    held = stored(anna, "SELECT count(*) FROM change WHERE case_file = (SELECT max(case_file) FROM change)")
    _write_more(anna, case, German(f"{_SEED}/{number}"), CHANGES - _OTHERS - 1 - held[0][0])
    return case


def _write_more(place: Workplace, case: Dot, german: German, count: int) -> None:
    """Write over what is there, now the phase, now the concern, as a case goes on."""
    phases = ("clearing", "assessment", "planning", "linking", "monitoring")
    for at in range(max(count, 0)):
        if at % 6 == 0:
            edit_case(place, case, concern=german.note())
        elif at % 2:
            edit_case(place, case, access_needs=("home_visit",) if at % 4 == 1 else ("step_free",))
        else:
            edit_case(place, case, phase=phases[at % 5], phase_reason=f"Gespräch {at}")


def _changes(place: Workplace, count: int) -> float:
    ((total,),) = stored(place, "SELECT count(*) FROM change WHERE case_file IS NOT NULL")
    return float(total / count)


def _told(place: Workplace, member: int) -> tuple[int, int, int]:
    """Give the bytes of parts with changes, of those with proofs only, and how many parts have changes."""
    engine = place._engine
    state = proofs = parts = 0
    with engine.office.transaction() as post:
        kept = [post.out.envelope(item.session, item.channel, item.n) for item in post.out.kept()]
        for item in kept:
            if item is None or item.sealed is None:
                continue
            envelope = read_header(item.sealed)
            key = post.keys.channel_key(engine.index, item.channel, item.epoch)
            if not envelope.header.kind or key is None or key.audience != frozenset({member}):
                continue
            columns, _proofs, _answer = open_body(envelope, key.key, engine.roster)[0]
            if columns:
                state, parts = state + len(item.sealed), parts + 1
            else:
                proofs += len(item.sealed)
    return state, proofs, parts
