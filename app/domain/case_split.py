"""A case split: which persons left a case file for one of their own; what moves is *belongs to*."""

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, code, date, integer, reference, register, text

CASE_SPLIT = REGISTRY.declare(
    RecordType(
        "CaseSplit",
        "Case split",
        "Case splits",
        (
            register(
                "split",
                "Case split",
                RegisterClass.SENSITIVE,
                date("split_on", "On", required=True, listed=True),
                code("split_kind", "Kind", lists.SPLIT_KIND, required=True, listed=True, default="left"),
                reference("split_into", "New case file", "CaseFile", generated=True),
                integer("split_persons", "Persons who left", listed=True),
                text("split_reason", "Reason", listed=True),
                before_gate=True,
            ),
        ),
        add_only=True,
        title=("split_on", "split_kind"),
        newest_by="split_on",
    )
)
