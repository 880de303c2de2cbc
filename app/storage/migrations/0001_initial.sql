-- The fixed tables: log, heads, search, outbox, drafts, settings. Record tables are
-- projections made from the declarations when the store is opened.

-- (device, session) by a small local number, so that a dot fits one integer: source << 32 | seq.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    device BLOB NOT NULL,
    session BLOB NOT NULL,
    UNIQUE (device, session)
);

-- twin: 0, or counting up where one dot came with several contents (both stay).
CREATE TABLE change (
    dot INTEGER NOT NULL,
    twin INTEGER NOT NULL,
    record INTEGER NOT NULL,
    case_file INTEGER,
    type TEXT NOT NULL,
    register TEXT NOT NULL,
    class INTEGER NOT NULL,
    value BLOB NOT NULL,
    context BLOB NOT NULL,
    hlc INTEGER NOT NULL,
    author INTEGER NOT NULL,
    schema INTEGER NOT NULL,
    reason TEXT,
    PRIMARY KEY (dot, twin)
) WITHOUT ROWID;
CREATE INDEX change_case ON change (case_file, hlc);
CREATE INDEX change_decision ON change (hlc) WHERE reason IS NOT NULL;

CREATE TABLE head (
    record INTEGER NOT NULL,
    register TEXT NOT NULL,
    dot INTEGER NOT NULL,
    twin INTEGER NOT NULL,
    PRIMARY KEY (record, register, dot, twin)
) WITHOUT ROWID;

-- Every dot that some known change of the register covers, even before the change it names arrives.
CREATE TABLE covered (
    record INTEGER NOT NULL,
    register TEXT NOT NULL,
    context BLOB NOT NULL,
    PRIMARY KEY (record, register)
) WITHOUT ROWID;

CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    case_file INTEGER
);
CREATE INDEX record_case ON record (case_file, type);

CREATE TABLE conflict (
    record INTEGER NOT NULL,
    register TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (record, register)
) WITHOUT ROWID;

CREATE TABLE outbox (dot INTEGER PRIMARY KEY);

-- Case files whose derived figures are older than their sources; worked off before each round.
CREATE TABLE figures_due (case_file INTEGER PRIMARY KEY);

CREATE TABLE search_text (
    id INTEGER PRIMARY KEY,
    record INTEGER NOT NULL UNIQUE,
    case_file INTEGER NOT NULL,
    text TEXT NOT NULL
);
CREATE VIRTUAL TABLE search USING fts5 (
    text,
    content = 'search_text',
    content_rowid = 'id',
    prefix = '1 2 3',
    columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);
-- A save must not pay for tidying up: segments are merged at opening and while remote changes come. One save in
-- 1,000 pays all the same: at 2,000 segments FTS5 refuses every further one as "disk full".
INSERT INTO search (search, rank) VALUES ('automerge', 0);
INSERT INTO search (search, rank) VALUES ('crisismerge', 1000);

CREATE TABLE draft (
    key TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    body BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- One row an unlock: the session whose number stands in this session's dots.
CREATE TABLE session (
    number BLOB PRIMARY KEY,
    device BLOB NOT NULL,
    begun_ms INTEGER NOT NULL
) WITHOUT ROWID;
