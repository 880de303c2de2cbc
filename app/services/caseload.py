"""One step for every case file of a case manager: each on its own, those refused are listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.domain.dots import Dot
from app.domain.errors import KimError
from app.services.ports import CaseCursor, Queries, Session

_PAGE = 100
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Refusal:
    """A case file with which the step was not taken, and why."""

    case: Dot
    number: str
    error: KimError


@dataclass(frozen=True)
class Caseload:
    """What a step for all case files of somebody came to."""

    done: tuple[Dot, ...] = ()
    refused: tuple[Refusal, ...] = ()


def for_each(
    session: Session,
    responsible: int,
    step: Callable[[Dot], object],
    progress: Progress,
    cancelled: Cancelled,
) -> Caseload:
    """Take `step` for every case file of a case manager, each in its own transaction.

    `progress` is told case files done and in all. Cancelled: what was done stays.
    """
    found = tuple(_case_files(session.store.queries, responsible))
    done: list[Dot] = []
    refused: list[Refusal] = []
    for count, (case, number) in enumerate(found):
        progress(count, len(found))
        if cancelled():
            break
        try:
            step(case)
        except KimError as error:
            refused.append(Refusal(case, number, error))
        else:
            done.append(case)
    return Caseload(tuple(done), tuple(refused))


def _case_files(queries: Queries, responsible: int) -> Iterator[tuple[Dot, str]]:
    after: CaseCursor | None = None
    while True:
        page = queries.case_page(after, _PAGE)
        for row in page.rows:
            if row.id is not None and row.number("responsible") == responsible:
                yield row.id, row.text("number")
        after = page.following
        if after is None:
            return
