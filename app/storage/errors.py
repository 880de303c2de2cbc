"""What can go wrong with the store, each with a stable id; the sentences are in `app.error_messages`."""

from app.domain.errors import KimError


class CipherMissingError(KimError):
    """The program was built without SQLCipher; nothing was opened."""

    error_id = "cipher_missing"


class SqliteTooOldError(KimError):
    """This SQLite can corrupt a database (`version`); nothing was opened."""

    error_id = "sqlite_unfit"


class DatabaseMissingError(KimError):
    """There is no database where one was expected; none was made in its place."""

    error_id = "database_missing"


class PlaintextDatabaseError(KimError):
    """The database opens without a key: it isn't encrypted, and not ours."""

    error_id = "database_plaintext"


class WrongDatabaseKeyError(KimError):
    """No page of the database fits the key: it belongs to another vault, or its first bytes are damaged."""

    error_id = "database_wrong_key"


class DatabaseDamagedError(KimError):
    """Part of the database is not what was written (`places` where they were counted)."""

    error_id = "database_damaged"


class DatabaseSettingError(KimError):
    """A protection could not be switched on (`setting`), for example on a network drive."""

    error_id = "database_setting"


class StoreBusyError(KimError):
    """Something is being read, so that the traces of what was erased could not be taken out yet."""

    error_id = "store_busy"


class DiskFullError(KimError):
    """There is no room left to write; the transaction was taken back whole."""

    error_id = "disk_full"


class StorageUnavailableError(KimError):
    """The disk can't be read or written at the moment (`code`: its name in SQLite or errno)."""

    error_id = "storage_unavailable"


class SecondInstanceError(KimError):
    """Another running program holds this database."""

    error_id = "second_instance"


class BackupFolderMissingError(KimError):
    """The folder for backups cannot be reached: the stick is not in, or the share is away."""

    error_id = "backup_folder_missing"


class BackupNotWrittenError(KimError):
    """A backup could not be written or deleted there (`reason`: errno name); what lay there still does."""

    error_id = "backup_not_written"


class BackupStoppedError(KimError):
    """Somebody stopped the backup before it was whole; nothing of it stays."""

    error_id = "backup_stopped"


class BackupDamagedError(KimError):
    """The file is not a whole backup: cut off, altered, or something else under its name."""

    error_id = "backup_damaged"


class NewerBackupError(KimError):
    """A newer program wrote the backup; it was not touched."""

    error_id = "backup_newer"


class ForeignBackupError(KimError):
    """The backup is one of another store than the one that lies here; neither was touched."""

    error_id = "backup_foreign"


class BackupNotReadError(KimError):
    """The backup cannot be read at the moment (`reason`: errno name): the stick is not in, or refuses."""

    error_id = "backup_not_read"
