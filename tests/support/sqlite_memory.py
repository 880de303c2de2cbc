"""SQLite in the processes of the tests."""

from __future__ import annotations

import ctypes
import sys

import sqlcipher3._sqlite3 as library

_MEMSTATUS = 9
"""SQLITE_CONFIG_MEMSTATUS (sqlite.org/c3ref/c_config_covering_index_scan.html)."""


def count_no_memory() -> None:
    """Let SQLite not count what it allocates, under one lock, a million times in a history: nobody asks.

    Call it before anything is opened; it alters nothing else. On other systems than Linux it does nothing,
    for there the library's functions cannot be reached.
    """
    if sys.platform == "linux":
        functions = ctypes.CDLL(library.__file__)
        functions.sqlite3_shutdown()
        functions.sqlite3_config(_MEMSTATUS, 0)
        functions.sqlite3_initialize()
