-- Giving case files up, and attachments. Times are milliseconds since 1970.

-- Since when the new holder's receipts cover everything held here of a case file that was handed over:
-- by this device's clock, and by the newest word of the relay (NULL: no relay was ever heard).
CREATE TABLE handover_covered (
    case_file INTEGER PRIMARY KEY,
    own_ms INTEGER NOT NULL,
    relay_ms INTEGER
);

-- The content of an attachment, 64 KiB a part. `record` is empty while it is being added:
-- what a crash left half is dropped at the next opening.
CREATE TABLE attachment (
    id BLOB PRIMARY KEY,
    record INTEGER UNIQUE,
    case_file INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX attachment_case ON attachment (case_file);
CREATE TABLE attachment_part (
    attachment BLOB NOT NULL,
    n INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (attachment, n)
);
