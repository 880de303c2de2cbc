"""Canonical CBOR, the only form in which anything is signed, sent or stored as sent.

Every constant of the format stands here; `tests/vectors/v1/schema.json` freezes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, TypeVar

import cbor2

from app.domain.schema import REGISTER_LIMIT
from sync.errors import LacksProgramError, QuarantinedError, WrongSizeError

WIRE_VERSION: Final = 1
DEPTH_LIMIT: Final = 8
HASH_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
PUBLIC_KEY_BYTES: Final = 32
CHANNEL_BYTES: Final = 8
CHANNEL_KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
PREKEY_ID_BYTES: Final = 8
PREKEY_PUBLIC_BYTES: Final = 1216
SEALED_KEY_BYTES: Final = 1168
INVITATION_ID_BYTES: Final = 8
SECRET_BYTES: Final = 32
NO_HASH: Final = b""
"""`prev_hash` of a channel's very first envelope, and what stands before the first roster."""

ENVELOPE_LIMIT: Final = 64 * 1024
BODY_LIMIT: Final = 4 * 1024 * 1024
WINDOW_LOG: Final = 20
VALUE_LIMIT: Final = REGISTER_LIMIT
CONTEXT_LIMIT: Final = 1 << 17
"""Superseded dots that one envelope may name: runs are cheap to send and dear to unfold."""
SEEN_LIMIT: Final = 4
ROSTER_LIMIT: Final = 512 * 1024
GRANT_LIMIT: Final = 8 * 1024
PREKEY_LIMIT: Final = 4 * 1024
ACK_LIMIT: Final = 1024
ORDER_LIMIT: Final = 30 * 1024
ORDER_LIST_LIMIT: Final = 8 * 1024 * 1024
PURGE_LIMIT: Final = 64 * 1024
ASK_LIMIT: Final = 16 * 1024
REQUEST_LIMIT: Final = 4 * 1024
INVITATION_LIMIT: Final = 8 * 1024 * 1024
TEXT_LIMIT: Final = 4 * 1024

U31: Final = (1 << 31) - 1
U63: Final = (1 << 63) - 1
U64: Final = (1 << 64) - 1

T = TypeVar("T")
_ATOMS: Final = frozenset({str, bytes, bool, type(None)})
_ARRAYS: Final = (list, tuple)


class WireError(QuarantinedError):
    """The bytes are not in the one form that they may have (`reason`)."""

    error_id = "wrong_structure"


class _TagSeenError(ValueError):
    pass


def _refuse_tag(*_: object) -> Any:
    raise _TagSeenError


# Shared references (tags 28 and 29) could unfold without end before a walk sees them: no tag decoder may run.
_NO_TAGS: Final[Mapping[int, Callable[..., Any]]] = dict.fromkeys(
    (*range(64), *range(100, 110), *range(256, 272), 1004, 43000, 55799), _refuse_tag
)


def encode(value: object) -> bytes:
    """Give the canonical CBOR of numbers, texts, bytes, truth values, None, lists and maps of those.

    Raises WireError for anything else.
    """
    _check(value, DEPTH_LIMIT)
    try:
        return cbor2.dumps(value, canonical=True)
    except (cbor2.CBOREncodeError, UnicodeEncodeError) as error:
        raise WireError(reason="unencodable") from error


def decode_strict(data: bytes, *, limit: int) -> Any:
    """Give the value of canonical CBOR; raises WrongSizeError over `limit` bytes, else WireError.

    No tags, floats, indefinite lengths or doubled keys, depth at most 8, and encoding the value
    again gives the same bytes.
    """
    if len(data) > limit:
        raise WrongSizeError(size=len(data), limit=limit)
    try:
        value = cbor2.loads(
            data,
            semantic_decoders=_NO_TAGS,
            tag_hook=_refuse_tag,
            max_depth=DEPTH_LIMIT,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
    except (cbor2.CBORDecodeError, ValueError, OverflowError, TypeError) as error:
        raise WireError(reason="not_cbor") from error
    if encode(value) != data:
        raise WireError(reason="not_canonical")
    return value


def _check(value: object, depth: int) -> None:
    kind = type(value)
    if kind in _ATOMS:
        return
    if kind is int:
        if not -U64 - 1 <= value <= U64:  # type: ignore[operator]  # mypy does not narrow by `kind is int`
            raise WireError(reason="number_too_large")
    elif depth == 0:
        raise WireError(reason="too_deep")
    elif isinstance(value, _ARRAYS):
        for item in value:
            # Most are atoms or small numbers: a call for each would be a third of all encoding.
            part = type(item)
            if part not in _ATOMS and (part is not int or not 0 <= item <= U64):
                _check(item, depth - 1)
    elif kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]  # as above
            if type(key) not in (str, int, bytes):
                raise WireError(reason="key_type")
            _check(key, depth - 1)
            _check(item, depth - 1)
    else:
        raise WireError(reason="value_type")


def array(value: object, length: int | None = None, most: int | None = None) -> list[Any]:
    """Give `value` if it is an array (of that length, or of at most so many); raises WireError."""
    if type(value) is not list or (length is not None and len(value) != length):
        raise WireError(reason="array")
    if most is not None and len(value) > most:
        raise WireError(reason="array_too_long")
    return value


def integer(value: object, low: int = 0, high: int = U31) -> int:
    """Give `value` if it is a whole number within the bounds; raises WireError."""
    if type(value) is not int or not low <= value <= high:
        raise WireError(reason="number")
    return value


def boolean(value: object) -> bool:
    """Give `value` if it is true or false; raises WireError."""
    if type(value) is not bool:
        raise WireError(reason="truth_value")
    return value


def blob(value: object, *lengths: int) -> bytes:
    """Give `value` if it is a byte string of one of these lengths (none named: any); raises WireError."""
    if type(value) is not bytes or (lengths and len(value) not in lengths):
        raise WireError(reason="bytes")
    return value


def text(value: object, limit: int = TEXT_LIMIT) -> str:
    """Give `value` if it is a text of at most `limit` characters; raises WireError."""
    if type(value) is not str or len(value) > limit:
        raise WireError(reason="text")
    return value


def optional(read: Callable[[object], T], value: object) -> T | None:
    """Give None for None, else what `read` makes of it."""
    return None if value is None else read(value)


def known_version(fields: object) -> list[Any]:
    """Give an array whose first item is the version this program reads; LacksProgramError if newer."""
    items = array(fields)
    version = integer(items[0] if items else None, low=1)
    if version > WIRE_VERSION:
        raise LacksProgramError(version=version)
    return items


def unsorted(items: Sequence[Any]) -> bool:
    """Tell whether a list is not strictly ascending: sets have one form on the wire."""
    return any(left >= right for left, right in pairwise(items))
