"""The real relay behind the face of the model: its own storing and reading, on its own database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from sync.carriers.http import RelayCursorUnknownError, RelayRefusedError
from sync.relay import districts
from sync.relay.database import Database
from sync.relay.districts import Districts, rosters_after
from sync.relay.mailbox import Desk, Exchange
from sync.relay.metrics import Metrics
from sync.relay.problems import Problem
from sync.relay.settings import RelaySettings
from sync.relay.use import count_request
from sync.roster import DeviceState
from sync.rounds.exchange import RoundAnswer, RoundRequest
from tests.support.shared_statements import share_statements
from tests.support.simulation.relay import check_named


class LocalRelay:
    """The relay's own storing and reading, without HTTP and signatures of requests."""

    def __init__(self, database: Path, now: Callable[[], int], name: bytes) -> None:
        """Serve the district of that name; `now` gives milliseconds since 1970."""
        share_statements()
        self._path, self._now, self._name = database, now, name
        self._open()

    def _open(self) -> None:
        url = f"sqlite:///{self._path}"
        settings = RelaySettings(url, bytes_per_day=1 << 40)
        self._database = Database(url)
        self._districts = Districts(self._database, settings)
        self._desk = Desk(self._database, settings, Metrics())

    def answer(self, device: int, request: RoundRequest) -> RoundAnswer:
        """Make one exchange."""
        try:
            with self._database.transaction() as connection:
                standing = self._districts.find(connection, self._name)
                if standing is None:
                    raise RelayRefusedError(reason="unknown_district", status=404)
                known = standing.roster.device(device)
                if known is None or known.state is not DeviceState.ACTIVE:
                    reason = "unknown_device" if known is None else "not_active"
                    raise RelayRefusedError(reason=reason, status=403)
                now = self._now()
                count_request(self._database, connection, standing.district, device, now, 1 << 30)
                return Exchange(self._desk, connection, standing, device, now).answer(request)
        except Problem as problem:
            if problem.reason == "unknown_cursor":
                raise RelayCursorUnknownError from problem
            raise RelayRefusedError(reason=problem.reason, status=problem.status) from problem

    def put_rosters(self, device: int, sealed: Sequence[bytes]) -> None:
        """Store what a device brings of the chain; raises RelayRefusedError."""
        try:
            offered = districts.readable(self._name, sealed)
            with self._database.transaction() as connection:
                held = self._districts.find(connection, self._name)
                check_named(districts.newest(None if held is None else held.roster, offered), device)
                self._districts.put_rosters(connection, self._name, offered, self._now())
        except Problem as problem:
            raise RelayRefusedError(reason=problem.reason, status=problem.status) from problem

    def get_roster(self) -> tuple[bytes, ...]:
        """Give all rosters."""
        with self._database.reading() as connection:
            standing = self._districts.find(connection, self._name)
            return () if standing is None else rosters_after(connection, standing.district, 0)

    def prekey_of(self, device: int) -> None:
        """Tell nothing: nobody forges in histories of the real relay."""
        del device

    def keep_copy(self) -> None:
        """Remember the state of now."""
        shutil.copyfile(self._path, self._backup)

    def set_back(self) -> None:
        """Go back to the copy, if there is one."""
        if self._backup.exists():
            self._replace_by(self._backup)

    def empty(self) -> None:
        """Lose everything."""
        self._replace_by(None)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @property
    def _backup(self) -> Path:
        return self._path.with_suffix(".copy")

    def _replace_by(self, other: Path | None) -> None:
        self._database.close()
        self._path.unlink()
        if other is not None:
            shutil.copyfile(other, self._path)
        self._open()
