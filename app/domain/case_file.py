"""The case file: what is known of a case before and after the client agreed."""

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import (
    ALIAS,
    RecordType,
    Whom,
    code,
    codes,
    date,
    flag,
    member,
    note,
    reference,
    register,
    text,
    texts,
)

BASE = RegisterClass.BASE

CASE_FILE = REGISTRY.declare(
    RecordType(
        "CaseFile",
        "Case file",
        "Case files",
        (
            register(
                "number",
                "Case number",
                BASE,
                text("number", "Case number", required=True, searched=True, listed=True, generated=True),
                before_gate=True,
            ),
            register(
                "opening",
                "Opening",
                BASE,
                date("opened_on", "Opened on", required=True, listed=True),
                code("access_route", "Access route", lists.ACCESS_ROUTE, figure=True),
                text("municipality", "Municipality", required=True, listed=True, searched=True, figure=True),
                before_gate=True,
            ),
            register(
                "languages",
                "Languages",
                BASE,
                codes("speaks", "Speaks", lists.LANGUAGE, listed=True, figure=True),
                codes("reads", "Reads", lists.LANGUAGE),
                flag("interpreter_needed", "Interpreter needed", figure=True),
                before_gate=True,
            ),
            register(
                "responsible",
                "Responsible",
                BASE,
                member(
                    "responsible",
                    "Case manager",
                    required=True,
                    listed=True,
                    generated=True,
                    whom=Whom.MAY_HAVE_CASES,
                ),
                before_gate=True,
            ),
            register(
                "supervision",
                "Supervision",
                BASE,
                member("supervision", "Supervisor", generated=True),
                before_gate=True,
            ),
            register(
                "phase",
                "Phase",
                BASE,
                code(
                    "phase", "Phase", lists.PHASE, required=True, listed=True, figure=True, default="access"
                ),
                date("phase_since", "Since"),
                text("phase_reason", "Reason"),
                before_gate=True,
            ),
            register(
                "safety",
                "Safety",
                BASE,
                code("contact_rule", "Contact", lists.CONTACT_RULE),
                code("paper_home", "Paper at home", lists.PAPER_HOME),
                text("not_before", "Not in front of", protects=True),
                text("never_interpreter", "Never this interpreter", protects=True),
            ),
            register(
                "recognition",
                "Recognition word",
                BASE,
                text("recognition_word", "Word that the client chose"),
            ),
            register(
                "access_needs",
                "Access needs",
                BASE,
                codes("access_needs", "Access needs", lists.ACCESS_NEED, figure=True),
            ),
            register(
                "target_groups",
                "Target groups",
                BASE,
                codes("target_groups", "Target groups", lists.TARGET_GROUP, figure=True),
            ),
            register(
                "concern", "Concern", BASE, note("concern", "Concern in the client's words", searched=True)
            ),
            # Same family as another case file, which reading then goes by. The members named are those
            # who could read either file and to whom that was shown when it was written.
            register(
                ALIAS,
                "Same family as another case file",
                BASE,
                reference("alias_into", "Same family as", "CaseFile", generated=True),
                text("alias_reason", "Reason", generated=True),
                texts("alias_readers", "Readers of this case file", generated=True, internal=True),
                texts("alias_into_readers", "Readers of the other case file", generated=True, internal=True),
                before_gate=True,
            ),
        ),
        in_case=False,
        is_case=True,
        title=("number",),
        newest_by="opened_on",
    )
)
