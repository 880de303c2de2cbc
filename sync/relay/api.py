"""The relay's addresses (FastAPI). Bodies are CBOR, refusals problem details (RFC 9457)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, FastAPI, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader

from app import log
from sync.encoding.wire import INVITATION_ID_BYTES
from sync.relay import metrics, problems
from sync.relay.door import Door
from sync.relay.problems import Problem
from sync.relay.service import Service
from sync.relay.signature import Headers, Message
from sync.rounds import exchange

_HOUR: Final = 3600.0


class CborResponse(Response):
    """A body in canonical CBOR."""

    media_type = exchange.MEDIA_TYPE


def make_app(service: Service) -> FastAPI:
    """The application around a service."""
    app = FastAPI(
        title="KIM mobil relay",
        version="1",
        description="A mailbox for sealed envelopes. Each /v1 answer carries the next `Kim-Nonce`.",
        lifespan=_lifespan(service),
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.state.service = service
    app.include_router(_router)
    app.add_middleware(Door, service=service)
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_no_address)
    app.add_exception_handler(404, _on_no_address)
    app.add_exception_handler(405, _on_wrong_method)
    app.add_exception_handler(Exception, _on_fault)
    return app


def _lifespan(service: Service) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        keeping = asyncio.create_task(_housekeep(service))
        yield
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        service.close()

    return lifespan


async def _housekeep(service: Service) -> None:
    while True:
        log.event("relay_housekept", freed=await run_in_threadpool(service.housekeep))
        await asyncio.sleep(_HOUR)


def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 - registered for this class only
    return error.response()


def _on_no_address(_request: Request, _error: Exception) -> Response:
    return problems.not_found().response()


def _on_wrong_method(request: Request, _error: Exception) -> Response:
    response = problems.wrong_method().response()
    response.headers["Allow"] = ", ".join(_methods(request))
    return response


def _methods(request: Request) -> list[str]:
    """What an address takes; the framework itself looks at its first route only."""
    path = request.url.path
    routes = [route for route in _router.routes if isinstance(route, APIRoute)]
    return sorted(
        method for route in routes if route.path_regex.fullmatch(path) for method in route.methods or ()
    )


def _on_fault(_request: Request, error: Exception) -> Response:
    log.failure(error)
    return problems.fault().response()


async def _message(request: Request) -> Message:
    """The request as it came; raises the 413 problem as soon as its body is too large."""
    return await _up_to(request, _service(request).settings.body_bytes)


async def _rosters(request: Request) -> Message:
    """The same for a chain of rosters, which may be larger."""
    return await _up_to(request, _service(request).settings.rosters_bytes)


async def _up_to(request: Request, most: int) -> Message:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise problems.too_large()
    lines = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw)
    headers = Headers(lines)
    raw_path = request.scope["raw_path"].decode("latin-1")
    return Message(request.method, f"http://{headers.get('host')}{raw_path}", headers, bytes(body))


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Asked = Annotated[Message, Depends(_message)]
Brought = Annotated[Message, Depends(_rosters)]
Relay = Annotated[Service, Depends(_service)]
District = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9_-]{43}$", description="Hash of the first roster, base64url")
]
Invitation = Annotated[
    str, Path(pattern=rf"^[0-9a-f]{{{2 * INVITATION_ID_BYTES}}}$", description="Hexadecimal")
]

_signature: Final = Depends(
    APIKeyHeader(
        name="Signature",
        scheme_name="RFC 9421",
        auto_error=False,
        description="ed25519, tag kim-mobil/request/1",
    )
)
_token: Final = Depends(APIKeyHeader(name=exchange.TOKEN_HEADER, scheme_name="Invitation", auto_error=False))


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {problems.MEDIA_TYPE: {"schema": problems.SCHEMA}}
    return {status: {"description": "Refused", "content": content} for status in statuses}


def _takes(schema: str) -> dict[str, Any]:
    body = {"schema": {"type": "string", "format": "binary", "description": schema}}
    return {"requestBody": {"required": True, "content": {exchange.MEDIA_TYPE: body}}}


_SIGNED: Final = _refusals(401, 403, 404, 422, 429)
_router: Final = APIRouter()


@_router.get("/v1/{district}/nonce", status_code=204, response_class=Response, responses=_refusals(404, 422))
def nonce(district: District) -> None:
    """Nothing but a nonce in the header, before a large first request."""


@_router.post(
    "/v1/{district}/round",
    response_class=CborResponse,
    dependencies=[_signature],
    responses=_SIGNED | _refusals(410, 413),
    openapi_extra=_takes("round request, see docs/sync.md"),
)
def post_round(district: District, message: Asked, relay: Relay) -> CborResponse:
    """One exchange of a round: items out and in, acks, rosters, inventory."""
    return CborResponse(relay.round(district, message))


@_router.put(
    "/v1/{district}/roster",
    status_code=204,
    response_class=Response,
    dependencies=[_signature],
    responses=_SIGNED | _refusals(409, 413),
    openapi_extra=_takes("[signed roster, …], ascending"),
)
def put_rosters(district: District, message: Brought, relay: Relay) -> None:
    """The next rosters of a district, or its chain from the first."""
    relay.put_rosters(district, message)


@_router.get(
    "/v1/{district}/roster", response_class=CborResponse, dependencies=[_signature], responses=_SIGNED
)
def get_roster(district: District, message: Asked, relay: Relay) -> CborResponse:
    """All rosters of the caller's district, oldest first."""
    return CborResponse(relay.rosters(district, message))


@_router.get(
    "/v1/{district}/prekeys", response_class=CborResponse, dependencies=[_signature], responses=_SIGNED
)
def get_prekeys(district: District, message: Asked, relay: Relay) -> CborResponse:
    """The prekeys in force of all devices."""
    return CborResponse(relay.prekeys(district, message))


@_router.put(
    "/v1/{district}/invitations/{invitation}",
    status_code=204,
    response_class=Response,
    dependencies=[_signature],
    responses=_SIGNED | _refusals(409, 413),
    openapi_extra=_takes("[SHA-256 of the token, last moment in ms since 1970]"),
)
def put_invitation(district: District, invitation: Invitation, message: Asked, relay: Relay) -> None:
    """An invitation, deposited by a keeper."""
    relay.deposit_invitation(district, bytes.fromhex(invitation), message)


@_router.get(
    "/v1/{district}/enrolments", response_class=CborResponse, dependencies=[_signature], responses=_SIGNED
)
def get_enrolments(district: District, message: Asked, relay: Relay) -> CborResponse:
    """Enrolments that wait for a keeper."""
    return CborResponse(relay.enrolments(district, message))


@_router.post(
    "/v1/{district}/enrolments/{invitation}",
    status_code=204,
    response_class=Response,
    dependencies=[_token],
    responses=_refusals(404, 413, 422, 429),
    openapi_extra=_takes("signed enrolment"),
)
def post_enrolment(district: District, invitation: Invitation, message: Asked, relay: Relay) -> None:
    """An enrolment, sent by who holds the invitation's token."""
    relay.post_enrolment(district, bytes.fromhex(invitation), message)


@_router.get(
    "/v1/{district}/enrolments/{invitation}/roster",
    response_class=CborResponse,
    dependencies=[_token],
    responses=_refusals(404, 422),
)
def get_invited_roster(
    district: District, invitation: Invitation, message: Asked, relay: Relay
) -> CborResponse:
    """All rosters, for who holds the invitation's token."""
    return CborResponse(relay.invited_rosters(district, bytes.fromhex(invitation), message))


@_router.get("/healthz", status_code=204, response_class=Response)
def healthz() -> None:
    """The process lives."""


@_router.get("/readyz", status_code=204, response_class=Response, responses=_refusals(503))
def readyz(relay: Relay) -> None:
    """The database answers."""
    relay.is_ready()


@_router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def get_metrics(relay: Relay) -> Response:
    """Figures for operators, without districts and devices."""
    return Response(relay.metrics_page(), media_type=metrics.MEDIA_TYPE)
