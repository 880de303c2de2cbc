"""Drawing case numbers offline, from blocks of the device's slot."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from app.domain.case_number import BLOCKS, CaseNumber, block_numbers
from app.domain.errors import NumbersUsedUpError
from app.services.ports import Session, UnitOfWork

SETTING = "case_numbers"


@dataclass
class _Supply:
    year: int
    used_blocks: list[int] = field(default_factory=list)
    given: int = 0
    block: int | None = None


def draw_number(work: UnitOfWork, session: Session) -> CaseNumber:
    """Give the next unused number of this year; a new block is drawn at random when one is used up.

    Random, because travelling kits and a restored device carry old numbers on
    paper. Raises NumbersUsedUpError when all blocks of the year are used.
    """
    year = session.clock.now().astimezone().year
    supply = _read(work, year)
    while True:
        numbers = () if supply.block is None else _numbers(session, supply)
        if supply.given < len(numbers):
            number = numbers[supply.given]
            supply.given += 1
            work.put_setting(SETTING, json.dumps(vars(supply)))
            if not work.case_by_number(str(number)):
                return number
        else:
            _next_block(session, supply)


def forget_block(work: UnitOfWork) -> None:
    """Leave the present block, so that a device that was set back never gives out a number a second time."""
    stored = work.setting(SETTING)
    if stored:
        work.put_setting(SETTING, json.dumps({**json.loads(stored), "block": None}))


def _numbers(session: Session, supply: _Supply) -> tuple[CaseNumber, ...]:
    block = supply.block if supply.block is not None else 0
    return block_numbers(session.district_code, supply.year, session.number_slot, block)


def _next_block(session: Session, supply: _Supply) -> None:
    free = [block for block in range(BLOCKS) if block not in supply.used_blocks]
    if not free:
        raise NumbersUsedUpError(year=supply.year)
    supply.block = free[int.from_bytes(session.entropy.bytes(4), "big") % len(free)]
    supply.used_blocks.append(supply.block)
    supply.given = 0


def _read(work: UnitOfWork, year: int) -> _Supply:
    stored = work.setting(SETTING)
    supply = _Supply(**json.loads(stored)) if stored else _Supply(year)
    return supply if supply.year == year else _Supply(year)
