"""Joining without the relay: the application and the admission as files that survive e-mail and editors."""

from __future__ import annotations

import base64
import binascii
import textwrap
from typing import Final

from sync.district.roster_chain import verify_chain
from sync.encoding import wire
from sync.encoding.wire import array, blob
from sync.errors import QuarantinedError, RosterGapError
from sync.roster import Roster, decode_roster

_WIDTH: Final = 64
_APPLICATION: Final = "APPLICATION"
_ADMISSION: Final = "ADMISSION"


class EnrolmentFileError(QuarantinedError):
    """A file is no application or admission, or was damaged (`reason`)."""

    error_id = "enrolment_file"


def write_application(request: bytes) -> bytes:
    """Give the file that a new device hands to its keeper: the request that the relay would carry."""
    return _armoured(_APPLICATION, request)


def read_application(content: bytes) -> bytes:
    """Give the request in an application file; raises EnrolmentFileError."""
    return _opened(_APPLICATION, content, wire.REQUEST_LIMIT)


def write_admission(rosters: tuple[bytes, ...]) -> bytes:
    """Give the file that a keeper hands back: every roster from the first."""
    return _armoured(_ADMISSION, wire.encode([wire.WIRE_VERSION, list(rosters)]))


def read_admission(content: bytes) -> tuple[Roster, ...]:
    """Give the verified chain in an admission file; raises EnrolmentFileError."""
    data = _opened(_ADMISSION, content, wire.INVITATION_LIMIT)
    try:
        fields = array(wire.known_version(wire.decode_strict(data, limit=wire.INVITATION_LIMIT)), 2)
        chain = tuple(decode_roster(blob(item)) for item in array(fields[1]))
        if verify_chain(None, chain) is None:
            raise EnrolmentFileError(reason="chain")
    except (QuarantinedError, RosterGapError) as error:
        raise EnrolmentFileError(reason="chain") from error
    return chain


def _armoured(label: str, data: bytes) -> bytes:
    begin, end = _marks(label)
    lines = textwrap.wrap(base64.b64encode(data).decode(), _WIDTH)
    return "\n".join((begin, *lines, end, "")).encode()


def _opened(label: str, content: bytes, limit: int) -> bytes:
    if len(content) > 2 * limit:
        raise EnrolmentFileError(reason="size")
    begin, end = _marks(label)
    _, found, rest = content.decode("utf-8", "replace").partition(begin)
    body, closed, _ = rest.partition(end)
    if not found or not closed:
        raise EnrolmentFileError(reason="armour")
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise EnrolmentFileError(reason="armour") from error


def _marks(label: str) -> tuple[str, str]:
    return f"-----BEGIN KIM MOBIL {label}-----", f"-----END KIM MOBIL {label}-----"
