"""Values of a register: checked against the declaration, and as canonical CBOR."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date as calendar_date

import cbor2

from app.domain.classes import RegisterClass
from app.domain.dots import Dot
from app.domain.errors import RegisterTooLargeError, ValidationError
from app.domain.schema import REGISTER_LIMIT, Field, Kind, RecordType, Register, Value

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_TEXTS = {Kind.TEXT, Kind.NOTE}
_SEVERAL = {Kind.CODES, Kind.TEXTS}
_NUMBERS = {Kind.INTEGER, Kind.MOMENT, Kind.MEMBER}
_PLAIN = (str, int, bool, bytes)
_WHOLE: Mapping[Kind, type] = {Kind.FLAG: bool, Kind.REFERENCE: Dot, Kind.BLOB: bytes}


def encode_register(register: Register, values: Mapping[str, Value], unknown: Mapping[str, object]) -> bytes:
    """Give the canonical CBOR of a register; empty fields are left out, unknown ones of a newer program kept.

    Raises RegisterTooLargeError over 32 KiB.
    """
    plain: dict[str, object] = dict(unknown)
    for name in register.field_names:
        value = values.get(name)
        if value is not None and value not in ("", b"", ()):
            plain[name] = _plain(value)
    data = cbor2.dumps(plain, canonical=True)
    if len(data) > REGISTER_LIMIT:
        raise RegisterTooLargeError(register=register.label, size=len(data), limit=REGISTER_LIMIT)
    return data


def decode_register(register: Register, data: bytes) -> dict[str, Value]:
    """Give the declared fields of a stored register; others are left to `unknown_fields`."""
    plain = _fields(data)
    return {item.name: _value(item, plain[item.name]) for item in register.fields if item.name in plain}


def unknown_fields(register: Register, data: bytes) -> dict[str, object]:
    """Give the fields that a newer program wrote and this one must carry on."""
    return {name: value for name, value in _fields(data).items() if name not in register.field_names}


def class_at_write(register: Register, values: Mapping[str, Value]) -> RegisterClass:
    """Give the class of a register at its first write: raised by sensitive codes (design: domain)."""
    for item in register.fields:
        if item.name in register.raised_by and item.codes is not None:
            value = values.get(item.name)
            given = value if isinstance(value, tuple) else (value,)
            if item.codes.sensitive & set(given):
                return max(register.cls, RegisterClass.SENSITIVE)
    return register.cls


def check_record(
    record_type: RecordType, values: Mapping[str, Value], before: Mapping[str, Value] | None = None
) -> None:
    """Raise ValidationError for the first field that does not fit its declaration.

    `before`: the values that an edit began with; what it leaves alone is not judged, for a newer
    program or a newer code list may have written it.
    """
    for item in record_type.fields.values():
        value = values.get(item.name)
        if before is not None and before.get(item.name) == value:
            continue
        if value in (None, "", b"", ()):
            if item.required:
                raise ValidationError(record_type=record_type.label, field=item.label, rule="required")
        elif not fits(item, value):
            raise ValidationError(record_type=record_type.label, field=item.label, rule=item.kind.value)


def fits(item: Field, value: Value) -> bool:
    """Tell whether a given value fits its declared field."""
    if item.kind in _TEXTS:
        return isinstance(value, str)
    if item.kind in _SEVERAL:
        return _several_fit(item, value)
    if item.kind in _NUMBERS:
        return isinstance(value, int) and not isinstance(value, bool)
    if item.kind in _WHOLE:
        return isinstance(value, _WHOLE[item.kind])
    return isinstance(value, str) and _text_fits(item, value)


def _fields(data: bytes) -> dict[str, object]:
    plain = cbor2.loads(data)
    return plain if isinstance(plain, dict) else {}


def _several_fit(item: Field, value: Value) -> bool:
    if not isinstance(value, tuple) or isinstance(value, Dot):
        return False
    return all(isinstance(part, str) and (item.codes is None or part in item.codes) for part in value)


def _text_fits(item: Field, value: str) -> bool:
    if item.kind is Kind.CODE:
        return item.codes is not None and value in item.codes
    if item.kind is Kind.MONTH:
        return _MONTH.fullmatch(value) is not None
    try:
        return calendar_date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _plain(value: Value) -> object:
    if isinstance(value, Dot):
        return value.to_bytes()
    return list(value) if isinstance(value, tuple) else value


def _value(item: Field, plain: object) -> Value:
    if item.kind is Kind.REFERENCE and isinstance(plain, bytes):
        return Dot.from_bytes(plain)
    if isinstance(plain, list):
        return tuple(str(part) for part in plain)
    return plain if isinstance(plain, _PLAIN) else None
