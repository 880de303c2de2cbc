"""Keeps None, True and False alive under PySide6 6.12.0 with a Python older than 3.12.

That release hands them out without counting the reference (each `emit` gives a True, each empty
QVariant a None), as may be done from Python 3.12 on, where they are immortal (PEP 683). On 3.11 their
counts fall to zero after some hundred signals and the interpreter aborts. PySide6 6.11.3 counts rightly.
"""

import ctypes
import sys
from typing import Final

_HEAD_START: Final = 1 << 40
"""More references than a program can lose: a million a second for twelve days."""


def keep_singletons_alive() -> None:
    """Give the three a head start that no run of the program uses up; a newer Python needs none."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for item in (None, True, False):
        if sys.getrefcount(item) < _HEAD_START // 2:
            ctypes.c_ssize_t.from_address(id(item)).value += _HEAD_START
