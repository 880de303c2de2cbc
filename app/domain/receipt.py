"""The new holder's receipt: which changes of a case file are on their computers, as a signed entry."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

import cbor2

from app.domain.classes import RegisterClass
from app.domain.dots import Context, Span
from app.domain.handover import RECEIPT
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, blob, date, integer, register

MOST_DOTS: Final = 200_000
"""A receipt that claims more is not read: nobody writes so much into one case file."""
SPANS_AN_ENTRY: Final = 1_000
"""So many runs fit into one register, whatever their numbers are; more go into further entries."""
_WORD: Final = 8
_SEQ_LIMIT: Final = 1 << 32

HANDOVER_RECEIPT = REGISTRY.declare(
    RecordType(
        RECEIPT,
        "Receipt",
        "Receipts",
        (
            register(
                "receipt",
                "Receipt",
                RegisterClass.BASE,
                date("receipt_on", "On", required=True),
                integer("receipt_count", "Entries", required=True),
                blob("receipt_context", "Entries received", required=True),
                before_gate=True,
            ),
        ),
        derived=True,
        add_only=True,
        newest_by="receipt_on",
    )
)


def pack_receipts(held: Context) -> Iterable[bytes]:
    """Give `held` as the documents of as many entries as it takes."""
    spans = held.spans
    for start in range(0, len(spans), SPANS_AN_ENTRY):
        yield _packed(spans[start : start + SPANS_AN_ENTRY])


def read_receipt(document: bytes) -> Context:
    """Give what a receipt's document names; raises ValueError when it is not one."""
    try:
        rows = cbor2.loads(document)
    except (cbor2.CBORDecodeError, RecursionError, OverflowError, MemoryError) as error:
        raise ValueError("not a receipt") from error
    if not isinstance(rows, list):
        raise ValueError("not a receipt")
    spans: list[Span] = []
    dots = 0
    for row in rows:
        found = _spans(row)
        spans += found
        dots += sum(span.last - span.first + 1 for span in found)
        if dots > MOST_DOTS:  # at once: rows that are the same by reference would unfold to gigabytes
            raise ValueError("too many dots")
    if _packed(spans) != document:
        raise ValueError("not in the one form")
    return Context.from_spans(spans)


def _packed(spans: Iterable[Span]) -> bytes:
    rows = []
    for (device, session), runs in groupby(spans, key=lambda span: (span.device, span.session)):
        numbers = [number for run in runs for number in (run.first, run.last)]
        rows.append([device.to_bytes(_WORD, "big"), session.to_bytes(_WORD, "big"), numbers])
    return cbor2.dumps(rows, canonical=True)


def _spans(row: object) -> list[Span]:
    if not isinstance(row, list) or len(row) != 3:
        raise ValueError("not a row")
    device, session, numbers = row
    if not (_is_word(device) and _is_word(session) and isinstance(numbers, list)) or len(numbers) % 2:
        raise ValueError("not a row")
    before, found = 0, []
    for first, last in zip(numbers[::2], numbers[1::2], strict=True):
        if type(first) is not int or type(last) is not int or not before < first <= last < _SEQ_LIMIT:
            raise ValueError("not a run")
        found.append(Span(int.from_bytes(device, "big"), int.from_bytes(session, "big"), first, last))
        before = last + 1
    return found


def _is_word(value: object) -> bool:
    return isinstance(value, bytes) and len(value) == _WORD
