"""Refusals as problem details (RFC 9457): a stable `type`, no value of the caller's."""

from typing import Final

from fastapi.responses import Response
from msgspec import json

MEDIA_TYPE: Final = "application/problem+json"
SCHEMA: Final = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "urn:kim-mobil:problem: and a stable reason"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
    },
}


class Problem(Exception):  # noqa: N818 - the standard's own word
    """A request that is refused as a whole; everything it wrote is rolled back but its nonce."""

    def __init__(self, status: int, reason: str, title: str) -> None:
        """Name the HTTP status, a stable reason id and an English title for operators."""
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.title = title

    def response(self) -> Response:
        """The answer that says so."""
        body = {"type": f"urn:kim-mobil:problem:{self.reason}", "title": self.title, "status": self.status}
        return Response(json.encode(body), status_code=self.status, media_type=MEDIA_TYPE)


def unsigned() -> Problem:
    """No signature, or an unreadable one."""
    return Problem(401, "unsigned", "The request is not signed")


def bad_signature() -> Problem:
    """The signature does not fit the request and the key in the roster."""
    return Problem(401, "signature", "The signature does not fit the request")


def stale_nonce() -> Problem:
    """The nonce was used before, is too old, or is not this relay's."""
    return Problem(401, "nonce", "The nonce is used up; repeat with the one in this answer")


def unknown_device() -> Problem:
    """No such device in the roster."""
    return Problem(401, "unknown_device", "The roster names no such device")


def not_active() -> Problem:
    """The device is suspended or revoked."""
    return Problem(403, "not_active", "This device may not use the relay")


def forbidden() -> Problem:
    """Somebody else may do this."""
    return Problem(403, "forbidden", "This device may not do that")


def unknown_district() -> Problem:
    """No such district here."""
    return Problem(404, "unknown_district", "This relay does not hold that district")


def not_found() -> Problem:
    """No such thing here."""
    return Problem(404, "not_found", "Not found")


def wrong_method() -> Problem:
    """The address exists, but not for this method."""
    return Problem(405, "method", "The address does not take this method")


def roster_conflict() -> Problem:
    """The roster does not follow the one that is held."""
    return Problem(409, "roster_conflict", "The roster does not follow the one that is held")


def unknown_cursor() -> Problem:
    """The relay does not know the cursor: it or the device was set back."""
    return Problem(410, "unknown_cursor", "The relay does not know this cursor; ask for the inventory")


def too_large() -> Problem:
    """The body is larger than allowed."""
    return Problem(413, "too_large", "The body is too large")


def unreadable() -> Problem:
    """The body is not what this address takes."""
    return Problem(422, "unreadable", "The body cannot be read")


def roster_date() -> Problem:
    """A roster of a day that has not come: its makers' clock is wrong."""
    return Problem(422, "roster_date", "The roster is dated later than today")


def refused_roster() -> Problem:
    """The roster breaks a rule of rosters."""
    return Problem(422, "roster_refused", "The roster is not valid")


def too_many() -> Problem:
    """Quota or rate is used up."""
    return Problem(429, "too_many", "Too much for now; try again later")


def invitation_conflict() -> Problem:
    """Another token stands for this invitation."""
    return Problem(409, "invitation_conflict", "The invitation is held with another token")


def fault() -> Problem:
    """A fault of the relay itself."""
    return Problem(500, "fault", "The relay has a fault")
