"""A record type that the program does not have yet, declared by a test."""

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.declarations import REGISTRY
from app.domain.schema import RecordType, code, register, text

DIRECTION = lists.code_list("direction", {"out": "Out", "in": "In"})
STATUS = lists.code_list("referral_status", {"sent": "Sent", "accepted": "Accepted", "declined": "Declined"})


def declare_referral(*, with_reference: bool = False) -> RecordType:
    """Declare the type; with one more field where a test plays a later version."""
    more = (text("reference", "Reference"),) if with_reference else ()
    return REGISTRY.declare(
        RecordType(
            "Referral",
            "Referral",
            "Referrals",
            (
                register(
                    "referral",
                    "Referral",
                    RegisterClass.BASE,
                    code("direction", "Direction", DIRECTION, required=True, listed=True),
                    text("organisation", "Organisation", required=True, searched=True, listed=True),
                    text("purpose", "Purpose", searched=True),
                    *more,
                ),
                register(
                    "status",
                    "Status",
                    RegisterClass.BASE,
                    code("referral_status", "Status", STATUS, listed=True, figure=True),
                ),
            ),
            title=("organisation",),
        )
    )
