"""Attachments: added from a file, saved outside when a person asks, removed with a reason."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from app.domain.attachment import ATTACHMENT, LARGEST
from app.domain.dots import Dot
from app.domain.errors import KimError, NotFoundError, ValidationError
from app.domain.gate import check_gate
from app.domain.records import Record, new_record
from app.services import cases
from app.services.assignments import check_writer
from app.services.ports import Saved, Session, today

PART: Final = 64 * 1024
"""Bytes a part; the last one may be shorter."""
_AT_ONCE: Final = 16
"""Parts in one transaction: between two of them a person's save gets its turn."""
_NAME_LENGTH: Final = 200
_ID_BYTES: Final = 16
_UNKNOWN_TYPE: Final = "application/octet-stream"
_BEGINNINGS: Final = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class AttachmentTooLargeError(KimError):
    """The file is larger than an attachment may be (`size`, `limit` in bytes)."""

    error_id = "attachment_too_large"


class AttachmentEmptyError(KimError):
    """The file holds nothing."""

    error_id = "attachment_empty"


class AttachmentUnreadableError(KimError):
    """The file is gone, is no file, or may not be read."""

    error_id = "attachment_unreadable"


class AttachmentCancelledError(KimError):
    """A person stopped it; nothing was kept."""

    error_id = "attachment_cancelled"


class AttachmentGoneError(KimError):
    """The content is not in this store: it never travels, or was removed."""

    error_id = "attachment_gone"


class AttachmentDamagedError(KimError):
    """The content is not the one that was added."""

    error_id = "attachment_damaged"


class AttachmentNotWrittenError(KimError):
    """The file could not be written outside."""

    error_id = "attachment_not_written"


def add(
    session: Session, case: Dot, path: Path, kind: str, name: str, progress: Progress, cancelled: Cancelled
) -> Saved:
    """Add a file to a case file; memory stays flat, and killed or cancelled nothing half of it stays.

    `progress` is told bytes done and in all. Raises the Attachment errors, GateError and
    StandInTimeError or HandedOverError.
    """
    check_writer(session, session.store.queries, case)
    check_gate(ATTACHMENT, ("attachment",), cases.gate_of_case(session.store.queries, session, case))
    with _opened(path) as (source, size), _staged(session, case) as content:
        digest, beginning = _copy(session, content, source, size, progress, cancelled)
        entry = new_record(
            ATTACHMENT,
            case,
            attachment_kind=kind,
            attachment_name=(name.strip() or path.name)[:_NAME_LENGTH],
            media_type=_media_type(beginning, path.name),
            attachment_size=size,
            attachment_hash=digest,
            attached_on=today(session.clock),
        )
        with session.store.unit_of_work() as work:
            saved = cases.save_record(session, None, entry)
            work.contents.link(content, _id(saved.record))
    return saved


def save_outside(
    session: Session, record: Record, target: Path, progress: Progress, cancelled: Cancelled
) -> None:
    """Write an attachment to a file that a person chose; it is whole or not there at all.

    Raises AttachmentGoneError, AttachmentDamagedError, AttachmentNotWrittenError, AttachmentCancelledError.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("xb") as file:
            _write(session, record, file, progress, cancelled)
        part.replace(target)
    except OSError as error:
        raise AttachmentNotWrittenError from error
    finally:
        with suppress(OSError):
            part.unlink()


def remove(session: Session, record: Record, reason: str) -> Saved:
    """Drop an attachment's content; that there was one, and why it went, stays in the case file."""
    if not reason.strip():
        raise ValidationError(record_type=ATTACHMENT.label, field="Reason", rule="required")
    with session.store.unit_of_work() as work:
        gone = record.edited(removed_on=today(session.clock), removal_reason=reason.strip())
        saved = cases.save_record(session, record, gone)
        work.contents.drop_of(_id(record))
    return saved


def is_here(session: Session, record: Record) -> bool:
    """Tell whether an attachment's content is in this store."""
    return session.store.queries.contents.part(_id(record), 0) is not None


def _id(record: Record) -> Dot:
    if record.id is None:
        raise NotFoundError(record_type=record.type)
    return record.id


@contextmanager
def _opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    try:
        if not path.is_file():
            raise AttachmentUnreadableError
        with path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            if size > LARGEST:
                raise AttachmentTooLargeError(size=size, limit=LARGEST)
            if size == 0:
                raise AttachmentEmptyError
            yield source, size
    except OSError as error:
        raise AttachmentUnreadableError from error


@contextmanager
def _staged(session: Session, case: Dot) -> Iterator[bytes]:
    """Give the name of a content that is being added; it goes again when anything goes wrong."""
    content = session.entropy.bytes(_ID_BYTES)
    with session.store.unit_of_work() as work:
        work.contents.begin(content, case)
    try:
        yield content
    except BaseException:
        with suppress(KimError), session.store.unit_of_work() as work:  # else the next opening drops it
            work.contents.drop(content)
        raise


def _copy(
    session: Session, content: bytes, source: BinaryIO, size: int, progress: Progress, cancelled: Cancelled
) -> tuple[bytes, bytes]:
    digest, done, beginning = hashlib.sha256(), 0, b""
    while done < size:
        progress(done, size)
        if cancelled():
            raise AttachmentCancelledError
        data = source.read(min(_AT_ONCE * PART, size - done))
        if not data:  # it became shorter meanwhile
            raise AttachmentUnreadableError
        with session.store.unit_of_work() as work:
            for start in range(0, len(data), PART):
                work.contents.put(content, (done + start) // PART, data[start : start + PART])
        digest.update(data)
        beginning, done = beginning or data[:PART], done + len(data)
    progress(done, size)
    return digest.digest(), beginning


def _write(
    session: Session, record: Record, file: BinaryIO, progress: Progress, cancelled: Cancelled
) -> None:
    contents, digest, done = session.store.queries.contents, hashlib.sha256(), 0
    size = record.number("attachment_size") or 0
    while (data := contents.part(_id(record), done // PART)) is not None:
        progress(done, size)
        if cancelled():
            raise AttachmentCancelledError
        file.write(data)
        digest.update(data)
        done += len(data)
        if len(data) < PART:
            break
    if done == 0:
        raise AttachmentGoneError
    if (done, digest.digest()) != (size, record.get("attachment_hash")):
        raise AttachmentDamagedError
    file.flush()
    os.fsync(file.fileno())
    progress(done, size)


def _media_type(beginning: bytes, name: str) -> str:
    found = (kind for start, kind in _BEGINNINGS.items() if beginning.startswith(start))
    return next(found, None) or mimetypes.guess_type(name)[0] or _UNKNOWN_TYPE
