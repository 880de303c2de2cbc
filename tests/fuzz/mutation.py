"""Ways to spoil bytes: blindly, and part by part while they stay well formed."""

from __future__ import annotations

import random
from typing import Any

_ODD: tuple[object, ...] = (
    0, 1, -1, 23, 24, 255, 256, 1 << 31, (1 << 31) - 1, 1 << 63, (1 << 63) - 1, (1 << 64) - 1, -(1 << 63),
    b"", b"x" * 8, bytes(32), bytes(64), b"\xff" * 16, "", "x", "\x00", "é" * 40, None, True, False, [], {},
    [[]], {0: 0}, {"a": []},
)  # fmt: skip
_RAW: tuple[bytes, ...] = (
    b"\x9f", b"\xff", b"\x5f", b"\xc0", b"\xd8\x1c", b"\xd8\x1d\x00", b"\xf9\x7e\x00", b"\xfb" + bytes(8),
    b"\x9b" + b"\xff" * 8, b"\xbb" + b"\xff" * 8, b"\x5b" + b"\xff" * 8, b"\x81" * 64, b"\xa1\x00\x00" * 3,
    b"\x1b" + b"\xff" * 8, b"\xf7", b"\x28\xb5\x2f\xfd",
)  # fmt: skip
"""Indefinite lengths, tags, floats, huge lengths, depth, doubled keys, a frame's magic number."""


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """Give bytes with a few places altered, cut, doubled or filled with what CBOR readers stumble over."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(made) + 1)
        kind = chance.randrange(6)
        if kind == 0 and at < len(made):
            made[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            made[at:at] = chance.choice(_RAW)
        elif kind == 2:
            del made[at : at + chance.randint(1, 40)]
        elif kind == 3:
            made[at : at + chance.randint(0, 8)] = chance.randbytes(chance.randint(0, 8))
        elif kind == 4:
            made[at:at] = made[at : at + chance.randint(1, 200)]
        else:
            del made[at:]
    return bytes(made)


def altered(value: Any, chance: random.Random) -> Any:
    """Give a value with parts replaced, doubled, swapped or gone, everything else as it was."""
    for _ in range(chance.randint(1, 3)):
        value = _altered(value, chance)
    return value


def _altered(value: Any, chance: random.Random) -> Any:
    if isinstance(value, list) and value and chance.random() < 0.9:
        return _list(list(value), chance)
    if isinstance(value, dict) and value and chance.random() < 0.9:
        made = dict(value)
        key = chance.choice(list(made))
        made[key] = _altered(made[key], chance)
        return made
    if isinstance(value, int) and not isinstance(value, bool) and chance.random() < 0.5:
        return value + chance.choice((-1, 1, -256, 256, 1 << 31))
    if isinstance(value, bytes) and chance.random() < 0.5:
        return spoiled(value, chance)
    return chance.choice(_ODD)


def _list(made: list[Any], chance: random.Random) -> list[Any]:
    at, kind = chance.randrange(len(made)), chance.randrange(8)
    if kind == 0:
        del made[at]
    elif kind == 1:
        made.insert(at, made[chance.randrange(len(made))])
    elif kind == 2:
        other = chance.randrange(len(made))
        made[at], made[other] = made[other], made[at]
    elif kind == 3:
        made.append(chance.choice(_ODD))
    else:
        made[at] = _altered(made[at], chance)
    return made
