"""The one connection to a relay, which can be cut while a thread waits in it."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Any, Final

import httpx2

from sync.carriers import Cancelled, never_cancelled

_LOOK_EVERY: Final = 0.1
"""Seconds."""
_SEND_BUFFER: Final = 32 * 1024
"""Bytes the system may take ahead of the line: what lies there counts as sent and cannot be stopped."""


class Line:
    """Knows the client's open connection, and cuts it when the person stops the round.

    A read that waits for a slow relay looks at no flag; a connection shut down wakes it.
    """

    def __init__(self) -> None:
        """Begin without a connection."""
        self._socket: socket.socket | None = None

    @contextmanager
    def watched(self, request: httpx2.Request, cancelled: Cancelled) -> Iterator[None]:
        """Watch `cancelled` from a second thread as long as the block runs."""
        request.extensions["trace"] = self._note
        if cancelled is never_cancelled:
            yield
            return
        done = Event()
        watcher = Thread(target=self._watch, args=(cancelled, done), name="line-watcher", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def _note(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
        if event.endswith("connect_tcp.complete") and self._socket:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)

    def _watch(self, cancelled: Cancelled, done: Event) -> None:
        while not done.wait(_LOOK_EVERY):
            if cancelled():
                self._cut()
                return

    def _cut(self) -> None:
        line = self._socket
        if line is None or line.fileno() < 0:
            return
        # A second handle, so that a TLS layer that reads at this moment keeps its own state.
        with suppress(OSError), socket.fromfd(line.fileno(), line.family, line.type) as handle:
            handle.shutdown(socket.SHUT_RDWR)
