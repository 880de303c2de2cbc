"""The employer: controller data, letterhead and the released passages that papers print."""

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, code, date, note, register, text

KI = RegisterClass.KI

EMPLOYER = REGISTRY.declare(
    RecordType(
        "Employer",
        "Employer",
        "Employers",
        (
            register(
                "controller",
                "Controller",
                KI,
                text("employer_key", "Name in the roster", required=True, listed=True),
                text("employer_name", "Name", required=True, listed=True),
                note("employer_address", "Address"),
                text("joint_controller", "Joint controller (district)"),
                note("joint_address", "Joint controller's address"),
            ),
            register(
                "law",
                "Law",
                KI,
                code("legal_basis", "Legal basis", lists.LEGAL_BASIS, required=True, default="consent"),
                code("applicable_law", "Applicable law", lists.APPLICABLE_LAW, default="dsg_nrw"),
                note("authority", "Supervisory authority"),
                text("retention", "Retention"),
            ),
            register(
                "officer",
                "Data protection officer",
                KI,
                note("data_protection_officer", "Data protection officer"),
            ),
            register(
                "passage",
                "Passage on the immigration office",
                KI,
                note("immigration_passage", "Passage on the immigration office"),
                text("passage_released_by", "Released by"),
                date("passage_released_on", "Released on"),
            ),
            register(
                "letterhead",
                "Letterhead",
                KI,
                note("letterhead", "Letterhead"),
                text("letterhead_released_by", "Released by"),
                date("letterhead_released_on", "Released on"),
            ),
            register("funding", "Funding", KI, text("funding_period", "Funding period")),
        ),
        in_case=False,
        title=("employer_name",),
    )
)
