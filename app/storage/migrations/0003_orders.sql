-- Orders: erase, redact, restrict, lift, end of access. A grow-only set; ids are the hash of an order's content.

-- `in_force_ms` is when all signatures were here; `done_ms` when it was carried out down to the last page.
-- `told`: how many entries had been refused when this device last confirmed, NULL while it never did.
CREATE TABLE standing_order (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    basis TEXT NOT NULL,
    content BLOB NOT NULL,
    in_force_ms INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    unsent INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    done_ms INTEGER,
    told INTEGER,
    seen INTEGER NOT NULL
) WITHOUT ROWID;

-- What orders in force name; `what`: case, record, kept, dot, restricted, ended. It outlives what it names.
CREATE TABLE order_target (
    what TEXT NOT NULL,
    target INTEGER NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (what, target, id)
) WITHOUT ROWID;

-- Restrictions that were lifted, known here or not.
CREATE TABLE order_lifted (id BLOB PRIMARY KEY) WITHOUT ROWID;

-- Signed purges of own envelopes.
CREATE TABLE purge_out (
    digest BLOB PRIMARY KEY,
    sealed BLOB NOT NULL,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Signed orders that came by the list beside a backup, not by a device's envelope.
CREATE TABLE order_paper (document BLOB PRIMARY KEY) WITHOUT ROWID;
