"""What can be wrong with a folder that carries parcels."""

from app.domain.errors import KimError


class FolderError(KimError):
    """A folder could not be used."""

    error_id = "folder"


class FolderMissingError(FolderError):
    """There is no such folder, or it cannot be opened (`reason`: errno name)."""

    error_id = "folder_missing"


class FolderGoneError(FolderError):
    """The folder went away while it was in use: a stick was pulled out, a drive lost its network."""

    error_id = "folder_gone"


class FolderFullError(FolderError):
    """There is no room left."""

    error_id = "folder_full"


class FolderReadOnlyError(FolderError):
    """Nothing may be written there."""

    error_id = "folder_read_only"


class FolderUnwritableError(FolderError):
    """A file could not be written, or did not read back as it was written (`reason`)."""

    error_id = "folder_unwritable"


class FolderKeyMissingError(FolderError):
    """The district's folder key has not come to this device yet."""

    error_id = "folder_key_missing"
