"""The log: places and ids reach it, words about people never do."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import log
from app.domain.errors import NotFoundError
from tests.support.failing_disk import failing_disk

SECRET = "Olena Kovalenko"


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """A log of this test, with its handler taken away afterwards."""
    root = logging.getLogger()
    before = list(root.handlers)
    path = log.start(tmp_path)
    yield path
    for handler in [item for item in root.handlers if item not in before]:
        root.removeHandler(handler)
        handler.close()


def fail_with_a_name() -> None:
    """Raise an error whose message, cause and local variables hold a name."""
    name = SECRET
    try:
        raise ValueError(name)
    except ValueError as cause:
        raise NotFoundError(record_type=name) from cause


def test_failure_is_logged_by_type_id_and_place(log_file: Path) -> None:
    try:
        fail_with_a_name()
    except NotFoundError as error:
        log.failure(error)
    text = log_file.read_text("utf-8")
    assert "app.domain.errors.NotFoundError [not_found]\n" in text
    assert "caused by builtins.ValueError\n" in text
    assert "tests/test_log.py:" in text
    assert "fail_with_a_name" in text
    assert SECRET not in text


def test_values_of_other_loggers_never_reach_the_file(log_file: Path) -> None:
    logger = logging.getLogger("some.library")
    logger.warning("client %s", SECRET)
    logger.warning(SECRET)
    logger.warning(SECRET, {"name": SECRET}, stack_info=True)
    try:
        fail_with_a_name()
    except NotFoundError:
        logger.exception("while saving %s", SECRET, extra={"name_of_client": SECRET})
    text = log_file.read_text("utf-8")
    assert text.count(" some.library record at tests/test_log.py:") == 4
    assert "[not_found]" in text
    assert SECRET not in text


def test_event_is_logged_with_its_numbers(log_file: Path) -> None:
    log.event("round_finished", sent=3, received=1)
    assert log_file.read_text("utf-8").endswith(" INFO kim_mobil round_finished sent=3 received=1\n")


def test_second_start_logs_once(log_file: Path) -> None:
    log.start(log_file.parent)
    log.event("once")
    assert log_file.read_text("utf-8").count("once") == 1


def test_report_of_a_circle_of_causes_ends() -> None:
    first, second = ValueError(SECRET), KeyError(SECRET)
    first.__cause__, second.__cause__ = second, first
    assert log.redacted(first) == "builtins.ValueError\ncaused by builtins.KeyError"


def test_a_disk_that_is_full_stops_nothing_but_the_log(log_file: Path) -> None:
    with failing_disk(databases=False) as disk:
        disk.arm(1)
        log.event("round_finished", sent=3)
        disk.mend()
        log.event("round_finished", sent=4)
    assert log_file.read_text("utf-8").split()[-2:] == ["round_finished", "sent=4"]
