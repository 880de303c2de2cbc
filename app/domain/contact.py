"""A contact: one conversation, or one that was tried."""

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, code, codes, flag, integer, moment, note, register, text

BASE = RegisterClass.BASE

CONTACT = REGISTRY.declare(
    RecordType(
        "Contact",
        "Contact",
        "Contacts",
        (
            register(
                "event",
                "Event",
                BASE,
                moment("at", "When", required=True, listed=True),
                code(
                    "contact_kind",
                    "Kind",
                    lists.CONTACT_KIND,
                    required=True,
                    listed=True,
                    default="client",
                    figure=True,
                ),
                code("channel", "Place or channel", lists.CHANNEL, listed=True, figure=True),
                text("contact_municipality", "Municipality"),
                integer("minutes", "Minutes", figure=True),
            ),
            register(
                "talk",
                "Conversation",
                BASE,
                codes("topics", "Topics", lists.LIFE_AREA, listed=True),
                note("contact_note", "Note", searched=True),
                raised_by=("topics",),
            ),
            register(
                "interpreter",
                "Interpreter",
                BASE,
                code("interpreter_source", "Interpreter", lists.INTERPRETER_SOURCE),
                code("interpreter_language", "Language", lists.LANGUAGE),
                text("interpreter_code", "Interpreter's code"),
                integer("interpreter_minutes", "Interpreter's minutes"),
                text("cost_centre", "Cost centre"),
                flag("client_agreed", "Client agreed"),
            ),
        ),
        add_only=True,
        leaves=True,
        title=("at", "contact_kind"),
        newest_by="at",
    )
)
