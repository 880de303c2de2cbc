"""A benefit period: which legal circle a person is in, and until when."""

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, code, date, register, text

BENEFIT_PERIOD = REGISTRY.declare(
    RecordType(
        "BenefitPeriod",
        "Benefit period",
        "Legal circles and benefits",
        (
            register(
                "period",
                "Benefit period",
                RegisterClass.BASE,
                code(
                    "legal_circle",
                    "Legal circle",
                    lists.LEGAL_CIRCLE,
                    required=True,
                    listed=True,
                    figure=True,
                ),
                text("benefit_office", "Office", searched=True, listed=True),
                date("benefit_from", "From", listed=True),
                date("granted_until", "Granted until", listed=True),
                code("how_ended", "How it ended", lists.HOW_ENDED),
            ),
        ),
        deletable=True,
        leaves=True,
        title=("legal_circle",),
        newest_by="benefit_from",
    )
)
