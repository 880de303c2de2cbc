"""Orders as the store and the screen know them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.dots import Dot
from app.domain.orders import Order


@dataclass(frozen=True)
class StandingOrder:
    """An order in force on this device; times in milliseconds since 1970.

    `gone`: entries that were erased or emptied here, `unsent`: those of them that nobody else had read,
    `refused`: entries that came later and were not stored. `done_ms`: when the last trace was gone;
    `told`: how many refusals this device has confirmed; `seen`: the person has been told.
    """

    id: bytes
    kind: str
    basis: str
    content: bytes
    in_force_ms: int
    gone: int
    unsent: int
    refused: int
    done_ms: int | None
    told: int | None
    seen: int


@dataclass(frozen=True)
class OrderState:
    """An order as a person reads it. Members by id; `missing` names signatures as `missing_signatures` does.

    `done`: carried out on this computer. `confirmed` and `devices`: how many of the district's devices
    have carried it out; `refused`: entries that came too late, on all of them. `mine`: whether this
    person's signature is one of those missing.
    """

    id: bytes
    order: Order
    day: date
    numbers: tuple[str, ...]
    signed: tuple[int, ...]
    missing: tuple[str, ...]
    in_force: bool
    done: bool
    confirmed: int
    devices: int
    refused: int
    mine: bool


@dataclass(frozen=True)
class Loss:
    """What an order took from this computer, for the person to be told: `cases` by their ids.

    Without an order's id: `gone` case files went whole, because the person reads them no more.
    """

    order: bytes
    cases: tuple[Dot, ...]
    gone: int
    unsent: int
    refused: int
