"""Attachments: letters, signatures, photos. They stay on their case manager's computer and in its backup."""

from typing import Final

from app.domain import code_lists as lists
from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, blob, code, date, integer, register, text

LARGEST: Final = 50 * 1024 * 1024
"""Bytes that one attachment may have."""

KIND = lists.code_list(
    "attachment_kind",
    {
        "signed_form": "Signed form",
        "letter": "Letter",
        "certificate": "Certificate or record",
        "photo": "Photo",
        "other": "Other",
    },
)

ATTACHMENT = REGISTRY.declare(
    RecordType(
        "Attachment",
        "Attachment",
        "Attachments",
        (
            register(
                "attachment",
                "Attachment",
                RegisterClass.IDENTITY,
                code("attachment_kind", "Kind", KIND, required=True, listed=True),
                text("attachment_name", "Name", required=True, listed=True),
                text("media_type", "File type", required=True, generated=True),
                integer("attachment_size", "Size in bytes", required=True, listed=True, generated=True),
                blob("attachment_hash", "Hash", required=True, generated=True),
                date("attached_on", "Added on", required=True, listed=True, generated=True),
            ),
            register(
                "removal",
                "Removal",
                RegisterClass.IDENTITY,
                date("removed_on", "Removed on", listed=True, generated=True),
                text("removal_reason", "Reason", listed=True, generated=True),
            ),
        ),
        title=("attachment_name",),
        newest_by="attached_on",
    )
)
