"""Syncing never sends an attachment: nobody hears that it is there, not on another computer of its person."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.attachment import ATTACHMENT
from app.services import attachments
from tests.support.district import District, case_file, open_case
from tests.support.templates import Templates, with_anna


@pytest.fixture
def two(tmp_path: Path, templates: Templates) -> Iterator[District]:
    """Sina and anna."""
    with templates.copy(tmp_path / "district", with_anna) as (founded, _):
        yield founded


def test_an_attachment_is_heard_of_where_it_was_added_alone(two: District, tmp_path: Path) -> None:
    case, letter = open_case(two["anna"], "Zwetschgen"), tmp_path / "letter.txt"
    letter.write_text("Bescheid")
    attachments.add(two["anna"].session, case, letter, "letter", "", lambda _done, _all: None, lambda: False)
    two.round("anna", "sina", "anna")
    two.join_again("laptop", "anna")
    for _ in range(3):
        two.round("laptop", "sina", "anna")
    there = {}
    for name in ("anna", "sina", "laptop"):
        assert case_file(two[name], case).text("concern") == "Zwetschgen"
        there[name] = len(two[name].session.store.queries.records(ATTACHMENT.name, case))
    assert there == {"anna": 1, "sina": 0, "laptop": 0}
