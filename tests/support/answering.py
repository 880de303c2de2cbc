"""An HTTP server that answers what the test says, the last answer for ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Answering:
    """Gives (status, body) pairs in turn, `headers` with each."""

    def __init__(
        self, answers: Sequence[tuple[int, bytes]], headers: Mapping[str, str] | None = None
    ) -> None:
        waiting = list(answers)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self._answer()

            def do_GET(self) -> None:
                if self.path.endswith("/nonce"):
                    self._write(204, b"")
                else:
                    self._answer()

            def _answer(self) -> None:
                self._write(*(waiting.pop(0) if len(waiting) > 1 else waiting[0]))

            def _write(self, status: int, body: bytes) -> None:
                self.send_response(status)
                for name, value in {"Kim-Nonce": "A" * 32, **(headers or {})}.items():
                    self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
