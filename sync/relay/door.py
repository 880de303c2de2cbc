"""What every answer passes: the next nonce, one line of log, one count."""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from fastapi.routing import APIRoute

from app.log import LOGGER_NAME, Plain
from sync.relay.service import Service
from sync.rounds.exchange import NONCE_HEADER

_HEADER: Final = NONCE_HEADER.lower().encode()
_logger: Final = logging.getLogger(LOGGER_NAME)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class Door:
    """ASGI middleware. Logs route templates only: an address names a district, and its caller an IP."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        """Stand before `app`."""
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._started(scope, message)
            await send(message)

        await self._app(scope, receive, send_on)

    def _started(self, scope: Scope, message: Message) -> None:
        if scope["path"].startswith("/v1/"):
            message["headers"] = [*message["headers"], (_HEADER, self._service.nonce().encode())]
        route = scope.get("route")
        template = route.path if isinstance(route, APIRoute) else "other"
        method = scope["method"] if template != "other" else "-"
        status = int(message["status"])
        self._service.metrics.request(template, status)
        _logger.info("%s", Plain(f"{method} {template} {status}"))
