"""A relay in this process, and lines to it that lose, repeat, reorder and delay what they carry."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from sync.carriers import Cancelled, Progress, never_cancelled, no_progress
from sync.carriers.http import RelayCursorUnknownError, RelayRefusedError, RelayUnreachableError
from sync.exchange import Delivery, RoundAnswer, RoundRequest
from sync.relay import schema
from sync.relay.database import Database
from sync.relay.districts import Districts
from sync.relay.mailbox import Desk, Exchange
from sync.relay.metrics import Metrics
from sync.relay.problems import Problem
from sync.relay.settings import RelaySettings


class LocalRelay:
    """The relay's own storing and reading, without HTTP and signatures of requests."""

    def __init__(self, database: Path, now: Callable[[], int]) -> None:
        """Serve the one district of a relay's database; `now` gives milliseconds since 1970."""
        url = f"sqlite:///{database}"
        settings = RelaySettings(url, bytes_per_day=1 << 40)
        self._database = Database(url)
        self._districts = Districts(self._database, settings)
        self._desk = Desk(self._database, settings, Metrics())
        self._now = now
        with self._database.reading() as connection:
            self._name: bytes = connection.execute(select(schema.district.c.name)).scalar_one()

    def answer(self, device: int, request: RoundRequest) -> RoundAnswer:
        """Make one exchange; raises what the HTTP carrier raises for the same refusal."""
        try:
            with self._database.transaction() as connection:
                standing = self._districts.find(connection, self._name)
                if standing is None:
                    raise AssertionError("the district is gone")
                return Exchange(self._desk, connection, standing, device, self._now()).answer(request)
        except Problem as problem:
            if problem.reason == "unknown_cursor":
                raise RelayCursorUnknownError from problem
            raise RelayRefusedError(reason=problem.reason, status=problem.status) from problem

    def close(self) -> None:
        """Close the database."""
        self._database.close()


class RoughLine:
    """One device's way to the relay; `badness`: the share of exchanges to which something happens."""

    def __init__(self, relay: LocalRelay, device: int, chance: random.Random) -> None:
        """Carry for the roster's device `device`; `chance` decides what happens."""
        self._relay, self._device, self._chance = relay, device, chance
        self._seen: list[Delivery] = []
        self._late: list[Delivery] = []
        self.badness = 0.0

    def round(
        self, request: RoundRequest, progress: Progress = no_progress, cancelled: Cancelled = never_cancelled
    ) -> RoundAnswer:
        """Carry a request and its answer, if the line is in the mood."""
        del progress, cancelled  # nobody watches
        if self._happens():
            raise RelayUnreachableError(status=0)
        answer = self._answer(request)
        if self._happens():
            # It came twice: a try whose answer was late, and its repetition.
            answer = self._answer(request)
        if self._happens():
            raise RelayUnreachableError(status=0)
        return replace(answer, deliveries=self._carried(answer.deliveries))

    def put_roster(self, roster: bytes) -> None:
        """Never needed: the district stood before the simulation began."""
        raise AssertionError(f"no roster changes in a simulated history ({len(roster)} bytes)")

    def close(self) -> None:
        """Nothing to let go of."""

    def under_way(self) -> tuple[Delivery, ...]:
        """Give what the relay has handed out and the device has not got yet."""
        return tuple(self._late)

    def bring_again(self, deliveries: tuple[Delivery, ...]) -> None:
        """Bring what was under way when a copy was made: the copy counts it as fetched."""
        self._late += deliveries

    def _answer(self, request: RoundRequest) -> RoundAnswer:
        return self._relay.answer(self._device, request)

    def _carried(self, deliveries: tuple[Delivery, ...]) -> tuple[Delivery, ...]:
        coming, self._late = [*deliveries, *self._late], []
        if self._happens():
            self._late = [item for item in coming if self._chance.random() < 0.5]
            coming = [item for item in coming if item not in self._late]
        if self._happens() and self._seen:
            coming += self._chance.choices(self._seen, k=3)
        if self._happens():
            self._chance.shuffle(coming)
        self._seen += deliveries
        return tuple(coming)

    def _happens(self) -> bool:
        return self._chance.random() < self.badness
