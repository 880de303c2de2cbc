"""`kim-relay serve`: runs the mailbox."""

import argparse
import logging
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from app.log import LOGGER_NAME, Redactor
from sync.relay.api import make_app
from sync.relay.service import Service
from sync.relay.settings import RelaySettings, default_database_url


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    options = _parser().parse_args(arguments)
    _log_to_stderr()
    settings = RelaySettings(
        database_url=options.database_url or default_database_url(),
        allow_new_districts=options.allow_new_districts,
        new_districts_per_day=options.new_districts_per_day,
        bytes_per_day=options.bytes_per_day,
        requests_per_minute=options.requests_per_minute,
    )
    listener = _listen(options.host, options.port)
    if options.port_file:
        _write_aside(options.port_file, str(listener.getsockname()[1]))
    _server(settings).run(sockets=[listener])
    return 0


def _server(settings: RelaySettings) -> uvicorn.Server:
    config = uvicorn.Config(
        make_app(Service(settings)),
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        h11_max_incomplete_event_size=16 * 1024,
    )
    return uvicorn.Server(config)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, for asyncio turns off the delay of small packets (40 ms an answer) only then.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":
        # Elsewhere a port just left could not be taken again; on Windows it could be stolen.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(512)
    listener.setblocking(False)
    return listener


def _write_aside(path: Path, text: str) -> None:
    aside = path.with_name(path.name + ".new")
    aside.write_text(text, encoding="ascii")
    aside.replace(path)


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.addFilter(Redactor())
    handler.setFormatter(logging.Formatter("{levelname} {name} {message}", style="{"))
    logging.getLogger().addHandler(handler)
    logging.getLogger(LOGGER_NAME).setLevel(logging.INFO)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kim-relay", description="The mailbox between KIM mobil devices.")
    serve = parser.add_subparsers(dest="command", required=True).add_parser("serve", help="run the relay")
    serve.add_argument(
        "--database-url", default="", help="SQLAlchemy URL; a SQLite file in the data folder if left out"
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8470, help="0 for a free one")
    serve.add_argument("--port-file", type=Path, help="write the port here once it listens")
    serve.add_argument(
        "--allow-new-districts",
        action=argparse.BooleanOptionalAction,
        default=RelaySettings.allow_new_districts,
        help="take in a district that posts its first roster",
    )
    serve.add_argument(
        "--new-districts-per-day", type=int, default=RelaySettings.new_districts_per_day, help="at most"
    )
    serve.add_argument("--bytes-per-day", type=int, default=RelaySettings.bytes_per_day, help="of one device")
    serve.add_argument(
        "--requests-per-minute", type=int, default=RelaySettings.requests_per_minute, help="of one device"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
