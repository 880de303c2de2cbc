"""A real relay in this process, whose clock a test moves on: HTTP, signatures and database as ever."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Thread

import uvicorn

from sync.relay.api import make_app
from sync.relay.server import RelayServer
from sync.relay.service import Service
from sync.relay.settings import DAY_MS, RelaySettings


class SteeredRelay(RelayServer):
    """Started at once; `move` makes days pass, and lets the relay tidy up as it does every hour."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "relay.sqlite")
        folder.mkdir(exist_ok=True)
        self._ahead_ms = 0
        self._port = 0
        self.start()

    def start(self) -> None:
        settings = RelaySettings(f"sqlite:///{self.database_path}", requests_per_minute=1_000_000)
        self._service = Service(settings, lambda: time.time_ns() // 1_000_000 + self._ahead_ms)
        config = uvicorn.Config(
            make_app(self._service), host="127.0.0.1", port=self._port, log_level="error", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._service.close()

    def move(self, days: float) -> None:
        """Let days pass."""
        self._ahead_ms += int(days * DAY_MS)
        self._service.housekeep()

    def empty(self) -> None:
        """Lose everything: a new database at the same address."""
        self.stop()
        for path in self.database_path.parent.glob("relay.sqlite*"):
            path.unlink()
        self.start()
