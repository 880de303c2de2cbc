"""What a person is told about an expected failure: what happened, what is safe, what to do.

One source for the windows and the command line; no Qt. An entry stands in the module of its
part, under the `error_id` of its error; a test fails when an error has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.errors import KimError
from app.error_messages import (
    backups,
    folders,
    handovers,
    orders,
    papers,
    parcels,
    read_log,
    records,
    storing,
    syncing,
    vault,
)
from app.error_messages.entry import Entry
from app.i18n import N_, _

ENTRIES: Final[Mapping[str, Entry]] = {
    **records.ENTRIES,
    **vault.ENTRIES,
    **storing.ENTRIES,
    **backups.ENTRIES,
    **syncing.ENTRIES,
    **parcels.ENTRIES,
    **papers.ENTRIES,
    **handovers.ENTRIES,
    **orders.ENTRIES,
    **folders.ENTRIES,
    **read_log.ENTRIES,
}

_GENERAL: Final = Entry(
    what=N_("This did not work."),
    safe=N_("What you saved before is still there."),
    todo=N_("Please try again. If it happens once more, tell your KI and name this word: {error_id}."),
)


_LABELS: Final = ("field", "record_type", "register")
"""Parameters that hold a declaration's label: a text of the catalogue."""


@dataclass(frozen=True)
class Explanation:
    """Three answers in the language of the moment, each a sentence or two, in plain text."""

    what: str
    safe: str
    todo: str


def explain(error: KimError) -> Explanation:
    """The three answers for an error, its parameters filled in; a general one for an unknown id."""
    entry = ENTRIES.get(error.error_id, _GENERAL)
    values = _Values({**error.params, "error_id": error.error_id})
    values.update({name: _(str(values[name])) for name in _LABELS if name in values})
    return Explanation(*(_(text).format_map(values) for text in (entry.what, entry.safe, entry.todo)))


def explain_reason(error_id: str) -> Explanation:
    """The three answers for an error of which only the id was kept."""
    entry = ENTRIES.get(error_id, _GENERAL)
    values = _Values({"error_id": error_id})
    return Explanation(*(_(text).format_map(values) for text in (entry.what, entry.safe, entry.todo)))


class _Values(dict[str, str | int]):
    """An error that names less than its sentence asks for still gets its sentence."""

    def __missing__(self, key: str) -> str:
        return "–"
