"""A stand-in: who may work in a case file beside its case manager."""

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, code, date, member, register

STAND_IN = REGISTRY.declare(
    RecordType(
        "StandIn",
        "Stand-in",
        "Stand-ins",
        (
            register(
                "stand_in",
                "Stand-in",
                RegisterClass.BASE,
                member("stand_in", "Stand-in", required=True, listed=True),
                date("stand_in_since", "Since", listed=True),
                date("stand_in_until", "Until", listed=True),
                code("stand_in_reason", "Reason", lists.STAND_IN_REASON, listed=True),
                before_gate=True,
            ),
        ),
        title=("stand_in",),
        newest_by="stand_in_since",
    )
)
