"""A line between carrier and relay: records what passes, can be slow, silent or cut."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from urllib.parse import urlsplit


class WireTap:
    """Forwards to `target`; `sent` and `received` are the bytes of both directions."""

    def __init__(self, target: str) -> None:
        self._target = urlsplit(target)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.sent = bytearray()
        self.received = bytearray()
        self.connections = 0
        self.bytes_per_second = 0
        """0 for as fast as it goes."""
        self.answers = True
        """False: what the relay says is lost."""
        self.cut_after = 0
        """Bytes sent until the line is cut once; 0 for never."""
        self._thread = Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.close()

    def clear(self) -> None:
        self.sent.clear()
        self.received.clear()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            far = socket.create_connection((self._target.hostname, self._target.port))
            for line in (near, far):
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
            Thread(target=self._send, args=(near, far), daemon=True).start()
            Thread(target=self._receive, args=(near, far), daemon=True).start()

    def _send(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError), _ended(near, far):
            while piece := near.recv(2048):
                self.sent += piece
                if 0 < self.cut_after <= len(self.sent):
                    self.cut_after = 0
                    return
                self._wait(len(piece))
                far.sendall(piece)

    def _receive(self, near: socket.socket, far: socket.socket) -> None:
        with suppress(OSError), _ended(near, far):
            while piece := far.recv(2048):
                self.received += piece
                self._wait(len(piece))
                if self.answers:
                    near.sendall(piece)

    def _wait(self, size: int) -> None:
        if self.bytes_per_second:
            time.sleep(size / self.bytes_per_second)


@contextmanager
def _ended(*lines: socket.socket) -> Iterator[None]:
    try:
        yield
    finally:
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
