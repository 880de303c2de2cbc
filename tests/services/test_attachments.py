"""Attachments: added whole or not at all, given back byte for byte, gone when removed."""

import hashlib
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.attachment import LARGEST
from app.domain.dots import Dot
from app.domain.errors import GateError, ValidationError
from app.domain.records import Record
from app.services import attachments
from app.services.attachments import (
    PART,
    AttachmentCancelledError,
    AttachmentDamagedError,
    AttachmentEmptyError,
    AttachmentGoneError,
    AttachmentNotWrittenError,
    AttachmentTooLargeError,
    AttachmentUnreadableError,
)
from app.services.ports import Session
from app.storage.store import SqlStore
from tests.support.desktop import open_case
from tests.support.stores import make_session, make_store

SECRET = b"Fischteichweg"
PDF = b"%PDF-1.7\n" + SECRET


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = make_store(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.fixture
def session(store: SqlStore) -> Session:
    return make_session(store)


@pytest.fixture
def case(session: Session) -> Dot:
    found = open_case(session).id
    assert found is not None
    return found


def nobody_watches(_done: int, _total: int) -> None: ...


def never() -> bool:
    return False


def put(session: Session, case: Dot, path: Path) -> Record:
    return attachments.add(session, case, path, "letter", "", nobody_watches, never).record


def a_file(folder: Path, content: bytes, name: str = "Bescheid.pdf") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rows(store: SqlStore, table: str) -> int:
    with store.unit_of_work() as work:
        return int(work.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - its own names


@pytest.mark.parametrize("size", [1, PART - 1, PART, PART + 1, 17 * PART, 33 * PART + 5])
def test_what_was_added_comes_out_byte_for_byte(
    session: Session, case: Dot, tmp_path: Path, size: int
) -> None:
    content = os.urandom(size)
    record = put(session, case, a_file(tmp_path, content))
    assert record.number("attachment_size") == size
    assert record.get("attachment_hash") == hashlib.sha256(content).digest()
    target = tmp_path / "outside.pdf"
    attachments.save_outside(session, record, target, nobody_watches, never)
    assert target.read_bytes() == content


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "a.txt", "application/pdf"),
        (b"\xff\xd8\xff\xe0rest", "a", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "a", "image/png"),
        (b"text", "a.txt", "text/plain"),
        (b"text", "a", "application/octet-stream"),
    ],
)
def test_the_file_type_follows_the_content_first(
    session: Session, case: Dot, tmp_path: Path, content: bytes, name: str, media_type: str
) -> None:
    assert put(session, case, a_file(tmp_path, content, name)).text("media_type") == media_type


def test_an_attachment_is_identity_data_and_never_travels(
    session: Session, case: Dot, tmp_path: Path
) -> None:
    record = put(session, case, a_file(tmp_path, PDF))
    assert {name: cls.name for name, cls in record.classes.items()} == {
        "belongs": "IDENTITY",
        "attachment": "IDENTITY",
    }


def test_a_directory_or_a_missing_file_is_refused(session: Session, case: Dot, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "fehlt.pdf"):
        with pytest.raises(AttachmentUnreadableError):
            put(session, case, path)


def test_a_pipe_never_blocks_the_program(session: Session, case: Dot, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(AttachmentUnreadableError):
        put(session, case, tmp_path / "pipe")


def test_an_empty_file_is_refused(session: Session, case: Dot, tmp_path: Path) -> None:
    with pytest.raises(AttachmentEmptyError):
        put(session, case, a_file(tmp_path, b""))


def test_a_file_over_the_limit_is_refused_unread(
    session: Session, store: SqlStore, case: Dot, tmp_path: Path
) -> None:
    path = tmp_path / "huge.pdf"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(AttachmentTooLargeError) as refused:
        put(session, case, path)
    assert refused.value.params == {"size": LARGEST + 1, "limit": LARGEST}
    assert rows(store, "attachment") == 0


def test_before_the_gate_nothing_is_added(session: Session, store: SqlStore, tmp_path: Path) -> None:
    closed = open_case(session, gate=False).id
    assert closed is not None
    with pytest.raises(GateError):
        put(session, closed, a_file(tmp_path, PDF))
    assert rows(store, "attachment_part") == 0


def test_stopped_half_way_nothing_stays(session: Session, store: SqlStore, case: Dot, tmp_path: Path) -> None:
    asked: list[int] = []

    def stop() -> bool:
        asked.append(rows(store, "attachment_part"))
        return len(asked) > 2

    path = a_file(tmp_path, os.urandom(40 * PART))
    with pytest.raises(AttachmentCancelledError):
        attachments.add(session, case, path, "letter", "", nobody_watches, stop)
    assert asked == [0, 16, 32]
    assert (rows(store, "attachment"), rows(store, "attachment_part")) == (0, 0)


def test_what_a_crash_left_half_goes_at_the_next_opening(
    session: Session, store: SqlStore, case: Dot, tmp_path: Path
) -> None:
    kept = put(session, case, a_file(tmp_path, PDF))
    with store.unit_of_work() as work:
        work.contents.begin(b"half" * 4, case)
        work.contents.put(b"half" * 4, 0, SECRET)
    store.close()
    reopened = make_store(tmp_path / "store.db", seed=1, create=False)
    assert (rows(reopened, "attachment"), rows(reopened, "attachment_part")) == (1, 1)
    assert attachments.is_here(make_session(reopened), kept)
    reopened.close()


def test_killed_while_adding_nothing_half_is_shown(tmp_path: Path) -> None:
    a_file(tmp_path, os.urandom(40 * PART), "scan.bin")
    script = (
        "import os, sys; from pathlib import Path\n"
        "from app.services import attachments\n"
        "from tests.support.desktop import open_case\n"
        "from tests.support.stores import make_session, make_store\n"
        "folder = Path(sys.argv[1]); session = make_session(make_store(folder / 'killed.db'))\n"
        "case = open_case(session).id\n"
        "stop = lambda done, total: done and os.kill(os.getpid(), 9)\n"
        "attachments.add(session, case, folder / 'scan.bin', 'letter', '', stop, lambda: False)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert ended.returncode == -9
    store = make_store(tmp_path / "killed.db", seed=1, create=False)
    assert (rows(store, "attachment"), rows(store, "attachment_part")) == (0, 0)
    assert rows(store, "record_attachment") == 0
    assert rows(store, "record_case_file") == 1
    store.close()


def test_memory_stays_flat_for_the_largest_file(session: Session, case: Dot, tmp_path: Path) -> None:
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(LARGEST)
    tracemalloc.start()
    record = put(session, case, path)
    attachments.save_outside(session, record, tmp_path / "out.bin", nobody_watches, never)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
    assert (tmp_path / "out.bin").stat().st_size == LARGEST


def test_removing_needs_a_reason(session: Session, case: Dot, tmp_path: Path) -> None:
    record = put(session, case, a_file(tmp_path, PDF))
    with pytest.raises(ValidationError):
        attachments.remove(session, record, " ")
    assert attachments.is_here(session, record)


def test_a_removed_attachment_leaves_its_reason_and_no_content(
    session: Session, store: SqlStore, case: Dot, tmp_path: Path
) -> None:
    record = put(session, case, a_file(tmp_path, PDF))
    gone = attachments.remove(session, record, "falsche Akte").record
    assert gone.text("removal_reason") == "falsche Akte"
    assert (rows(store, "attachment"), rows(store, "attachment_part")) == (0, 0)
    with pytest.raises(AttachmentGoneError):
        attachments.save_outside(session, gone, tmp_path / "out.pdf", nobody_watches, never)
    assert not (tmp_path / "out.pdf").exists()


def test_a_damaged_content_is_noticed_and_not_given_out(
    session: Session, store: SqlStore, case: Dot, tmp_path: Path
) -> None:
    record = put(session, case, a_file(tmp_path, PDF))
    with store.unit_of_work() as work:
        work.connection.execute("UPDATE attachment_part SET bytes = ?", (PDF[:-1] + b"!",))
    with pytest.raises(AttachmentDamagedError):
        attachments.save_outside(session, record, tmp_path / "out.pdf", nobody_watches, never)
    assert sorted(path.name for path in tmp_path.glob("out*")) == []


def test_a_folder_that_cannot_be_written_is_said_and_an_old_file_stays(
    session: Session, case: Dot, tmp_path: Path
) -> None:
    record = put(session, case, a_file(tmp_path, PDF))
    with pytest.raises(AttachmentNotWrittenError):
        attachments.save_outside(session, record, tmp_path / "fehlt" / "out.pdf", nobody_watches, never)
    old = a_file(tmp_path, b"alt", "out.pdf")
    with pytest.raises(AttachmentCancelledError):
        attachments.save_outside(session, record, old, nobody_watches, lambda: True)
    assert old.read_bytes() == b"alt"
