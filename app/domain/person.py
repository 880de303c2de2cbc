"""A person of the household: a label and what advice needs to know, never a name."""

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, code, date, flag, integer, month, note, register, text

BASE = RegisterClass.BASE

PERSON = REGISTRY.declare(
    RecordType(
        "Person",
        "Person",
        "Household",
        (
            register(
                "household",
                "Household",
                BASE,
                text("label", "Label", required=True, searched=True, listed=True),
                code(
                    "household_role", "Role in the household", lists.HOUSEHOLD_ROLE, listed=True, figure=True
                ),
            ),
            register(
                "birth", "Age", BASE, integer("birth_year", "Year of birth"), month("turns_18", "Turns 18 in")
            ),
            register(
                "representative", "Legal representative", BASE, text("representative", "Legal representative")
            ),
            register("gender", "Gender", BASE, code("gender", "Gender", lists.GENDER, figure=True)),
            register("nationality", "Nationality", BASE, text("nationality", "Nationality", searched=True)),
            register("arrival", "Arrival", BASE, date("arrived_on", "Arrival in Germany")),
            register(
                "german",
                "German",
                BASE,
                code("german_level", "Level of German", lists.GERMAN_LEVEL, listed=True),
                flag("german_certificate", "Certificate"),
            ),
            register("schooling", "Schooling", BASE, code("schooling", "Schooling", lists.SCHOOLING)),
            register(
                "qualification",
                "Qualification",
                BASE,
                note("qualification", "Qualification", searched=True),
                code("recognised", "Recognised", lists.RECOGNISED),
            ),
            register("work", "Work", BASE, code("work", "Work", lists.WORK, figure=True)),
        ),
        deletable=True,
        leaves=True,
        title=("label",),
    )
)
