"""The log of reads, prints and exports: sealed entries, their keys, and the procedure that opens it."""

from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, blob, flag, note, reference, register, text

READ, PRINT, EXPORT = "read", "print", "export"
ACTS = (READ, PRINT, EXPORT)
_KI = RegisterClass.FIGURES
"""Carried by supervisors and coordinators, for whom it is ciphertext; case managers receive none of it."""

SAFE_SEAL = REGISTRY.declare(
    RecordType(
        "SafeSeal",
        "Seal of the key in the safe",
        "Seals of the key in the safe",
        (
            register(
                "safe_seal",
                "Seal of the key in the safe",
                RegisterClass.DIRECTORY,
                blob("safe_seal", "Seal of the key in the safe", required=True, generated=True),
                before_gate=True,
            ),
        ),
        in_case=False,
        add_only=True,
    )
)
LOG_KEY = REGISTRY.declare(
    RecordType(
        "LogKey",
        "Key of the read log",
        "Keys of the read log",
        (
            register(
                "log_key",
                "Key of the read log",
                _KI,
                blob("log_key", "Key of the read log", required=True, generated=True),
                before_gate=True,
            ),
        ),
        in_case=False,
        add_only=True,
        by_all=True,
    )
)
READ_ENTRIES = REGISTRY.declare(
    RecordType(
        "ReadEntries",
        "Entries of the read log",
        "Entries of the read log",
        (
            register(
                "read_entries",
                "Entries of the read log",
                _KI,
                reference("entries_key", "Key of the read log", "LogKey", required=True, generated=True),
                blob("read_entries", "Entries of the read log", required=True, generated=True),
                before_gate=True,
            ),
        ),
        in_case=False,
        add_only=True,
        by_all=True,
    )
)
LOG_OPENING = REGISTRY.declare(
    RecordType(
        "LogOpening",
        "Opening of the read log",
        "Openings of the read log",
        (
            register(
                "log_opening",
                "Opening of the read log",
                _KI,
                note("opening_reason", "Reason", required=True),
                text("officer_present", "Data protection officer present", required=True),
                text("council_present", "Staff council present", required=True),
                before_gate=True,
            ),
        ),
        in_case=False,
        add_only=True,
    )
)
LOG_AGREEMENT = REGISTRY.declare(
    RecordType(
        "LogAgreement",
        "Agreement to an opening",
        "Agreements to openings",
        (
            register(
                "log_agreement",
                "Agreement to an opening",
                _KI,
                reference("agreed_opening", "Opening of the read log", "LogOpening", required=True),
                flag("with_safe_key", "With the key from the safe"),
                blob("agreed_shares", "Shares", generated=True),
                before_gate=True,
            ),
        ),
        in_case=False,
        add_only=True,
    )
)
