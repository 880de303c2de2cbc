"""The relay over HTTP: signed requests, one exchange a round, to be stopped at any moment."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from ssl import PROTOCOL_TLS_CLIENT
from typing import Final, Protocol

import httpx2
import stamina
import truststore
from msgspec import DecodeError, json

from app.domain.errors import KimError
from sync.carriers import Cancelled, Progress, RoundCancelledError, never_cancelled, no_progress
from sync.carriers.line import Line
from sync.carriers.request_signer import RequestSigner
from sync.encoding.wire import ENVELOPE_LIMIT
from sync.rounds import exchange
from sync.rounds.exchange import NONCE_HEADER, RoundAnswer, RoundRequest, district_path

PIECE: Final = 8 * 1024
"""Bytes between two looks at whether the person stopped: about a second on a poor line."""
_TIMEOUT: Final = httpx2.Timeout(connect=10, read=90, write=60, pool=5)
_UNSTOPPED: Final = httpx2.Timeout(connect=10, read=25, write=25, pool=5)
"""For what nobody can stop: somebody sits before it, and is told of a silent relay within half a minute."""
_ONE_LINE: Final = httpx2.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=60)
_ATTEMPTS: Final = 3
_REASON: Final = re.compile(r"urn:kim-mobil:problem:([a-z_]{1,40})")


class RelayUnreachableError(KimError):
    """No relay answers, or it answers that it is broken (`status`, 0 without an answer)."""

    error_id = "relay_unreachable"


class LineCutError(RelayUnreachableError):
    """The line broke while much was on its way: go on with less at once."""

    error_id = "line_cut"


class RelayRefusedError(KimError):
    """The relay refuses the request (`reason`, `status`)."""

    error_id = "relay_refused"


class RelayCursorUnknownError(KimError):
    """The relay does not know how far this device has read: ask for the inventory."""

    error_id = "relay_cursor_unknown"


class NonceStore(Protocol):
    """Keeps the next nonce of each relay, between runs if it likes."""

    def get(self, base_url: str) -> str:
        """The nonce to use, "" if there is none."""
        ...

    def put(self, base_url: str, nonce: str) -> None:
        """Keep the nonce for the next request."""
        ...


class MemoryNonces:
    """Nonces that last as long as the program runs."""

    def __init__(self) -> None:
        """Begin without any."""
        self._nonces: dict[str, str] = {}

    def get(self, base_url: str) -> str:
        """The nonce to use, "" if there is none."""
        return self._nonces.get(base_url, "")

    def put(self, base_url: str, nonce: str) -> None:
        """Keep the nonce for the next request."""
        self._nonces[base_url] = nonce


@dataclass(frozen=True)
class _Call:
    """One request, before it is signed."""

    method: str
    path: str
    body: bytes | None = None
    token: str = ""
    signed: bool = True
    progress: Progress = no_progress
    cancelled: Cancelled = never_cancelled


class _BrokenRelayError(Exception):
    """A 5xx answer: worth another try, since every request may be repeated."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class HttpCarrier:
    """Speaks to a district's relay; `base_urls` are tried in order, the last that answered first.

    Every method raises RelayUnreachableError (LineCutError where the line broke under a body over
    64 KiB), RelayRefusedError or ExchangeError; one that is given `cancelled` RoundCancelledError besides.
    """

    def __init__(
        self,
        base_urls: Sequence[str],
        district: bytes,
        device_index: int,
        sign: Callable[[bytes], bytes],
        nonce_store: NonceStore | None = None,
    ) -> None:
        """Speak for the roster's device `device_index`; `sign` is its Ed25519 identity."""
        self._bases = [url.rstrip("/") for url in base_urls]
        self._district = f"/v1/{district_path(district)}"
        self._signer = RequestSigner(str(device_index), sign)
        self._nonces = nonce_store or MemoryNonces()
        self._line = Line()
        # The system's own certificates and proxies: public administrations have both.
        tls = truststore.SSLContext(PROTOCOL_TLS_CLIENT)
        self._client = httpx2.Client(verify=tls, timeout=_TIMEOUT, limits=_ONE_LINE, follow_redirects=False)
        # A name and version of a library are nobody's business, and headers are paid for on a slow line.
        for name in ("user-agent", "accept", "accept-encoding"):
            del self._client.headers[name]

    def round(
        self, request: RoundRequest, progress: Progress = no_progress, cancelled: Cancelled = never_cancelled
    ) -> RoundAnswer:
        """One exchange. Raises RelayCursorUnknownError besides."""
        body = exchange.encode_request(request)
        path = f"{self._district}/round"
        return exchange.decode_answer(
            self._do(_Call("POST", path, body, progress=progress, cancelled=cancelled))
        )

    def put_rosters(self, rosters: Iterable[bytes], cancelled: Cancelled = never_cancelled) -> None:
        """Give the relay the rosters that it lacks, ascending; the newest of them names this device."""
        body = exchange.encode_list(rosters)
        self._do(_Call("PUT", f"{self._district}/roster", body, cancelled=cancelled))

    def get_roster(self, cancelled: Cancelled = never_cancelled) -> tuple[bytes, ...]:
        """All rosters of the district, from the first to the one in force."""
        call = _Call("GET", f"{self._district}/roster", cancelled=cancelled)
        return exchange.decode_list(self._do(call))

    def get_prekeys(self) -> tuple[bytes, ...]:
        """The prekeys in force of all devices."""
        return exchange.decode_list(self._do(_Call("GET", f"{self._district}/prekeys")))

    def deposit_invitation(self, invitation: bytes, token_hash: bytes, expires_ms: int) -> None:
        """Let the holder of the token behind `token_hash` (SHA-256) send an enrolment; for keepers."""
        body = exchange.encode_invitation(token_hash, expires_ms)
        self._do(_Call("PUT", f"{self._district}/invitations/{invitation.hex()}", body))

    def get_enrolments(self) -> tuple[bytes, ...]:
        """Enrolments that wait for a keeper."""
        return exchange.decode_list(self._do(_Call("GET", f"{self._district}/enrolments")))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _do(self, call: _Call) -> bytes:
        problem: RelayUnreachableError | None = None
        for base in tuple(self._bases):
            try:
                answer = self._with_retries(base, call)
            except RelayUnreachableError as error:
                problem = error
            else:
                self._bases.sort(key=lambda known: known != base)
                return answer
        raise problem or RelayUnreachableError(status=0)

    def _with_retries(self, base: str, call: _Call) -> bytes:
        try:
            for attempt in stamina.retry_context(
                on=lambda error: _worth_repeating(error, call),
                attempts=_ATTEMPTS,
                wait_initial=0.2,
                wait_max=2,
            ):
                with attempt:
                    return self._answer(base, call)
        except _BrokenRelayError as error:
            raise RelayUnreachableError(status=error.status) from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise RelayUnreachableError(status=0) from error
        except httpx2.TransportError as error:
            raise LineCutError(status=0) from error
        raise AssertionError("a retry context ends by an answer or an error")

    def _answer(self, base: str, call: _Call) -> bytes:
        """Send once, and once more if the relay only wants a newer nonce."""
        if call.signed and not self._nonces.get(base):
            # Costs an exchange, but a body is not sent in vain.
            self._send(
                base, replace(call, method="GET", path=f"{self._district}/nonce", body=None, signed=False)
            )
        status, content = self._send(base, call)
        if status == 401 and _reason(content) == "nonce":
            status, content = self._send(base, call)
        if 200 <= status < 300:
            return content
        if status >= 500:
            raise _BrokenRelayError(status)
        reason = _reason(content)
        if reason == "unknown_cursor":
            raise RelayCursorUnknownError
        raise RelayRefusedError(reason=reason, status=status)

    def _send(self, base: str, call: _Call) -> tuple[int, bytes]:
        request = self._request(base, call)
        # Used up once it is on the line, whether or not the answer arrives.
        self._nonces.put(base, "")
        _check(call.cancelled)
        try:
            with self._line.watched(request, call.cancelled):
                return self._exchange(base, request, call)
        except httpx2.TransportError:
            # A stopped line breaks; only the person's wish tells it from a bad network.
            _check(call.cancelled)
            raise

    def _exchange(self, base: str, request: httpx2.Request, call: _Call) -> tuple[int, bytes]:
        response = self._client.send(request, stream=True)
        try:
            self._nonces.put(base, response.headers.get(NONCE_HEADER, ""))
            return response.status_code, _received(response, call)
        finally:
            response.close()

    def _request(self, base: str, call: _Call) -> httpx2.Request:
        headers = (
            {"Content-Type": exchange.MEDIA_TYPE, "Content-Length": str(len(call.body))} if call.body else {}
        )
        if call.token:
            headers[exchange.TOKEN_HEADER] = call.token
        content = _pieces(call.body, call) if call.body else None
        patience = _UNSTOPPED if call.cancelled is never_cancelled else _TIMEOUT
        request = self._client.build_request(
            call.method, base + call.path, content=content, headers=headers, timeout=patience
        )
        if call.signed:
            self._signer.sign(request, call.body, self._nonces.get(base))
        return request


class ApplicantCarrier(HttpCarrier):
    """A device that is not yet in the roster: it has only the invitation's token."""

    def __init__(self, base_urls: Sequence[str], district: bytes, invitation: bytes, token: bytes) -> None:
        """Speak for the holder of an invitation and of the token behind the hash deposited with it."""
        super().__init__(base_urls, district, 0, _never_sign)
        self._enrolment = f"{self._district}/enrolments/{invitation.hex()}"
        self._token = token.hex()

    def post_enrolment(self, enrolment: bytes) -> None:
        """Ask to be taken in."""
        self._do(_Call("POST", self._enrolment, enrolment, self._token, signed=False))

    def get_roster(self, cancelled: Cancelled = never_cancelled) -> tuple[bytes, ...]:
        """All rosters so far: the applicant finds itself in the last when it was taken in."""
        path = f"{self._enrolment}/roster"
        call = _Call("GET", path, token=self._token, signed=False, cancelled=cancelled)
        return exchange.decode_list(self._do(call))


def _worth_repeating(error: Exception, call: _Call) -> bool:
    """Whether to try again here; of a long body only the round knows how much to send next.

    A relay that was silent once is not waited for again where nobody can stop it.
    """
    if isinstance(error, httpx2.TimeoutException) and call.cancelled is never_cancelled:
        return False
    if isinstance(error, _BrokenRelayError | httpx2.ConnectError | httpx2.ConnectTimeout):
        return True
    return isinstance(error, httpx2.TransportError) and len(call.body or b"") <= ENVELOPE_LIMIT


def _never_sign(_base: bytes) -> bytes:
    raise AssertionError("an applicant has no key the relay knows")


def _pieces(body: bytes, call: _Call) -> Iterator[bytes]:
    for start in range(0, len(body), PIECE):
        _check(call.cancelled)
        yield body[start : start + PIECE]
        call.progress(min(start + PIECE, len(body)), 0)


def _received(response: httpx2.Response, call: _Call) -> bytes:
    content = bytearray()
    for piece in response.iter_raw(PIECE):
        _check(call.cancelled)
        content += piece
        call.progress(len(call.body or b""), len(content))
        if len(content) > exchange.MAX_MESSAGE:
            raise RelayRefusedError(reason="answer_too_large", status=response.status_code)
    return bytes(content)


def _check(cancelled: Cancelled) -> None:
    if cancelled():
        raise RoundCancelledError


def _reason(content: bytes) -> str:
    try:
        problem = json.decode(content)
    except DecodeError:
        return "unknown"
    found = _REASON.fullmatch(str(problem.get("type"))) if isinstance(problem, dict) else None
    return found[1] if found else "unknown"
