"""Columns of numbers: differences instead of values, one flat list instead of many small ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, TypeVar

from app.domain.dots import HLC_COUNTER_BITS
from sync.encoding.wire import U63, U64, WireError, array, integer

T = TypeVar("T")
_COUNTER: Final = (1 << HLC_COUNTER_BITS) - 1


def pack_clocks(clocks: Iterable[int]) -> Iterator[int | list[int]]:
    """Give clocks as steps: even where the counter moved, odd where the milliseconds did, a pair for both."""
    last_ms = last_counter = 0
    for clock in clocks:
        ms, counter = clock >> HLC_COUNTER_BITS, clock & _COUNTER
        if ms == last_ms:
            yield zigzag(counter - last_counter) << 1
        elif counter == 0:
            yield zigzag(ms - last_ms) << 1 | 1
        else:
            yield [zigzag(ms - last_ms), counter]
        last_ms, last_counter = ms, counter


def unpack_clocks(column: list[Any]) -> list[int]:
    """Give the clocks of `pack_clocks` again; raises WireError."""
    result = []
    ms = counter = 0
    for item in column:
        if type(item) is list:
            step, counter = array(item, 2)
            ms += unzigzag(step)
        elif integer(item, high=U64) & 1:
            ms, counter = ms + unzigzag(item >> 1), 0
        else:
            counter += unzigzag(item >> 1)
        integer(counter, high=_COUNTER)
        result.append(integer(ms, high=U63 >> HLC_COUNTER_BITS) << HLC_COUNTER_BITS | counter)
    return result


def item_at(items: Sequence[T], number: object) -> T:
    """Give the item with that number, counted from 0; raises WireError."""
    return items[integer(number, high=len(items) - 1)]


def following(numbers: Iterator[Any], high: int) -> int:
    """Give the next number of a flat list; raises WireError at its end."""
    return integer(next(numbers, None), high=high)


def groups(column: object, size: int) -> Iterator[tuple[Any, ...]]:
    """Give a flat list in groups of `size`; raises WireError."""
    items = array(column)
    if len(items) % size:
        raise WireError(reason="count")
    return (tuple(items[at : at + size]) for at in range(0, len(items), size))


def zigzag(number: int) -> int:
    """Give a small natural number for a small whole number, negative or not."""
    return number << 1 if number >= 0 else (-number << 1) - 1


def unzigzag(value: object) -> int:
    """Give the whole number that `zigzag` was given; raises WireError."""
    number = integer(value, high=U64)
    return number >> 1 if number & 1 == 0 else -((number + 1) >> 1)
