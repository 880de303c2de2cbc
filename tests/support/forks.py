"""Processes that begin from one that has imported what they need: a start costs no half second of a core."""

from __future__ import annotations

import os
import runpy
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from sync.relay.server import RelayServer, Running

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["sync.relay.__main__", "tests.support.warm_relay", "tests.support.backups", "tests.support.stores"]
)


class Fork:
    """A started process; ends with this one."""

    def __init__(self, process: BaseProcess) -> None:
        """Keep a process that was started."""
        self._process = process

    def poll(self) -> int | None:
        """Give how it ended, None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises TimeoutError."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutError
        return self._process.exitcode

    def terminate(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it, as kill -9 does."""
        self._process.kill()

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Let it do nothing as long as the block runs."""
        pid = self._process.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


def fork(module: str, *arguments: str, output: Connection | Path) -> Fork:
    """Run a module as `python -m` does; what it writes goes into a pipe, or at the end of a file."""
    process = _FORKS.Process(target=_run, args=(module, arguments, output), daemon=True)
    process.start()
    return Fork(process)


def _run(module: str, arguments: tuple[str, ...], output: Connection | Path) -> None:
    if isinstance(output, Path):
        os.dup2(os.open(output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), 2)
        os.dup2(2, 1)
    else:
        os.dup2(output.fileno(), 1)
        output.close()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


class ForkedRelay(RelayServer):
    """The same relay, sooner there."""

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Take connections and answer nothing as long as the block runs."""
        assert isinstance(self._process, Fork)
        with self._process.halted():
            yield

    def _launched(self, module: str, arguments: list[str]) -> Running:
        return fork(module, *arguments, output=self._log_path)
