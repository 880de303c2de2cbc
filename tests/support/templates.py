"""Districts that are built once in a process: every test is given a copy of its own, relay and all."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from tests.support.district import District, start_relay

T = TypeVar("T")


def with_anna(founded: District) -> None:
    """Let a case manager, anna, join; keeper and she know each other's prekeys."""
    founded.join("anna")
    founded.round("sina", "anna", "sina")


def with_anna_and_ben(founded: District) -> None:
    """Let two case managers join; all know each other's prekeys."""
    founded.join("anna")
    founded.join("ben")
    founded.round("sina", "anna", "ben", "sina", "anna")


@dataclass(frozen=True)
class _Template:
    district: District
    told: Any
    port: socket.socket
    """Bound and never listened at, so that nobody else is given it: the roster names this address."""


class Templates:
    """Built districts by the function that built them; nobody is unlocked in them, no relay runs."""

    def __init__(self, folder: Path) -> None:
        """Build below an empty folder."""
        self._folder = folder
        self._known: dict[Callable[[District], Any], _Template] = {}

    @contextmanager
    def copy(self, folder: Path, build: Callable[[District], T]) -> Iterator[tuple[District, T]]:
        """Give a copy, in a new folder, of a district with its keeper and what `build` did to it, which is
        called once; also what it gave then. People are unlocked when they are first asked for.
        """
        if build not in self._known:
            self._known[build] = self._made(build)
        found = self._known[build]
        shutil.copytree(found.district.folder, folder, ignore=shutil.ignore_patterns("*.log"))
        relay = start_relay(folder / "relay", found.port.getsockname()[1])
        with District(folder, str(folder), relay) as copied:
            copied.meet(found.district.people)
            yield copied, found.told

    def close(self) -> None:
        """Let go of the ports."""
        for found in self._known.values():
            found.port.close()

    def _made(self, build: Callable[[District], T]) -> _Template:
        folder = self._folder / str(len(self._known))
        with District.found(folder, str(folder)) as district:
            told = build(district)
        return _Template(district, told, _held(district.relay.url))


def _held(url: str) -> socket.socket:
    address = urlsplit(url)
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((address.hostname, address.port))
    return held
