"""A relay in a process of its own, for tests and the demo."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Final, Protocol, Self

_PATIENCE: Final = 30.0
"""Seconds until a relay that does not listen is given up."""


class Running(Protocol):
    """What is needed of a process, as `subprocess.Popen` has it."""

    def poll(self) -> int | None:
        """Give how it ended, None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; gives how it ended."""

    def terminate(self) -> None:
        """Ask it to end."""

    def kill(self) -> None:
        """End it."""


class RelayServer:
    """Runs `kim-relay serve` on a SQLite file; can be started again after `stop` or `kill`."""

    def __init__(
        self, database_path: Path, host: str = "127.0.0.1", port: int = 0, arguments: tuple[str, ...] = ()
    ) -> None:
        """Keep the options; `arguments` are further ones of the command line."""
        self.database_path = database_path
        self._host = host
        self._port = port
        self._arguments = arguments
        self._process: Running | None = None

    @property
    def url(self) -> str:
        """Where it listens; the port stays the same after another start."""
        return f"http://{self._host}:{self._port}"

    def start(self) -> None:
        """Start it and wait until it listens; raises RuntimeError if it does not."""
        with TemporaryDirectory() as folder:
            port_file = Path(folder) / "port"
            arguments = ["serve", "--port-file", str(port_file)]
            arguments += ["--database-url", f"sqlite:///{self.database_path}"]
            arguments += ["--host", self._host, "--port", str(self._port), *self._arguments]
            self._process = self._launched("sync.relay", arguments)
            self._port = _wait_for_port(port_file, self._process)

    def stop(self) -> None:
        """Let it finish what it is doing, then end it."""
        if self._process:
            self._process.terminate()
            self._process.wait(_PATIENCE)
            self._process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process:
            self._process.kill()
            self._process.wait(_PATIENCE)
            self._process = None

    def log_text(self) -> str:
        """What it logged so far."""
        return self._log_path.read_text(encoding="utf-8")

    def _launched(self, module: str, arguments: list[str]) -> Running:
        command = [sys.executable, "-m", module, *arguments]
        with self._log_path.open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd=_ROOT)

    @property
    def _log_path(self) -> Path:
        return self.database_path.with_suffix(".log")

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()


_ROOT: Final = Path(__file__).resolve().parents[2]


def _wait_for_port(port_file: Path, process: Running) -> int:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if port_file.exists():
            return int(port_file.read_text(encoding="ascii"))
        time.sleep(0.005)
    process.kill()
    raise RuntimeError("the relay does not listen; its log says why")
