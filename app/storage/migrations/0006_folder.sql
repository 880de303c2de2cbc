-- The folder carrier's memory: which files it knows by name, and how new the other devices' lists were.

-- A file that was found whole in a folder, or was put there. `name` is the keyed hash that is its file's
-- name; `device`: its sender; `recipient`: the one device it is for, where it is for one. `taken`: it was
-- given to the reader, or is for nobody here. `placed`: this store itself put it there.
CREATE TABLE folder_item (
    name BLOB PRIMARY KEY,
    kind INTEGER NOT NULL,
    digest BLOB NOT NULL,
    size INTEGER NOT NULL,
    device INTEGER NOT NULL,
    session BLOB,
    channel BLOB,
    epoch INTEGER,
    n INTEGER,
    recipient INTEGER,
    taken INTEGER NOT NULL,
    placed INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX folder_item_digest ON folder_item (digest);

-- The newest list seen of each device; its own counter is under this device's index.
CREATE TABLE folder_list (
    device INTEGER PRIMARY KEY,
    counter INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
);

-- What was opened, printed and exported here and is not yet in a sealed entry: one row a case file,
-- act and session.
CREATE TABLE read_note (
    case_file BLOB NOT NULL,
    act TEXT NOT NULL,
    session BLOB NOT NULL,
    number TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    sealed INTEGER NOT NULL,
    PRIMARY KEY (case_file, act, session)
) WITHOUT ROWID;

-- A keeper device's share of each key of the read log: the prekey that it was sealed to does not live long.
CREATE TABLE log_share (
    log_key BLOB PRIMARY KEY,
    share BLOB NOT NULL
) WITHOUT ROWID;
