"""The key for names and lists of files in folders; what is in a parcel has keys of its own."""

from app.domain.classes import RegisterClass
from app.domain.registry import REGISTRY
from app.domain.schema import RecordType, blob, integer, register

FOLDER_KEY = REGISTRY.declare(
    RecordType(
        "FolderKey",
        "Folder key",
        "Folder keys",
        (
            register(
                "folder_key",
                "Folder key",
                RegisterClass.DIRECTORY,
                blob("folder_key", "Folder key", required=True, generated=True),
                integer("left_out", "Computers left out", generated=True),
                before_gate=True,
            ),
        ),
        in_case=False,
        add_only=True,
    )
)
