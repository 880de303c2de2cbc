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
