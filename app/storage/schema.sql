-- Made by `make schema` from app/storage/migrations; do not edit.

CREATE TABLE ack_in (
    recipient INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (recipient, session, channel)
) WITHOUT ROWID;

CREATE TABLE alias (
    dot INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    into_case INTEGER NOT NULL,
    author INTEGER NOT NULL
);

CREATE TABLE ask_answered (digest BLOB PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE attachment (
    id BLOB PRIMARY KEY,
    record INTEGER UNIQUE,
    case_file INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE attachment_part (
    attachment BLOB NOT NULL,
    n INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (attachment, n)
);

CREATE TABLE attested (
    dot INTEGER NOT NULL,
    twin INTEGER NOT NULL,
    member INTEGER NOT NULL,
    PRIMARY KEY (dot, twin)
) WITHOUT ROWID;

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

CREATE TABLE channel_key (
    device INTEGER NOT NULL,
    channel BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    key BLOB NOT NULL,
    commitment BLOB NOT NULL,
    audience BLOB NOT NULL,
    begun_ms INTEGER NOT NULL, prekey BLOB,
    PRIMARY KEY (device, channel, epoch)
) WITHOUT ROWID;

CREATE TABLE claimed (
    record INTEGER NOT NULL,
    register TEXT NOT NULL,
    context BLOB NOT NULL,
    PRIMARY KEY (record, register)
) WITHOUT ROWID;

CREATE TABLE clock_wrong (dot INTEGER PRIMARY KEY);

CREATE TABLE conflict (
    record INTEGER NOT NULL,
    register TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (record, register)
) WITHOUT ROWID;

CREATE TABLE covered (
    record INTEGER NOT NULL,
    register TEXT NOT NULL,
    context BLOB NOT NULL,
    PRIMARY KEY (record, register)
) WITHOUT ROWID;

CREATE TABLE deleted (record INTEGER PRIMARY KEY);

CREATE TABLE draft (
    key TEXT PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    body BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE figures_due (case_file INTEGER PRIMARY KEY);

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

CREATE TABLE folder_list (
    device INTEGER PRIMARY KEY,
    counter INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
);

CREATE TABLE grant_out (
    channel BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    recipient INTEGER NOT NULL,
    digest BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (channel, epoch, recipient)
) WITHOUT ROWID;

CREATE TABLE handover_covered (
    case_file INTEGER PRIMARY KEY,
    own_ms INTEGER NOT NULL,
    relay_ms INTEGER
);

CREATE TABLE head (
    record INTEGER NOT NULL,
    register TEXT NOT NULL,
    dot INTEGER NOT NULL,
    twin INTEGER NOT NULL,
    PRIMARY KEY (record, register, dot, twin)
) WITHOUT ROWID;

CREATE TABLE heard (case_file INTEGER PRIMARY KEY);

CREATE TABLE log_share (
    log_key BLOB PRIMARY KEY,
    share BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE merged (
    case_file INTEGER PRIMARY KEY,
    canonical INTEGER NOT NULL
);

CREATE TABLE moved (
    record INTEGER PRIMARY KEY,
    origin INTEGER NOT NULL,
    case_file INTEGER NOT NULL
);

CREATE TABLE offer_again (
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (session, channel, n)
) WITHOUT ROWID;

CREATE TABLE order_lifted (id BLOB PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE order_paper (document BLOB PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE order_target (
    what TEXT NOT NULL,
    target INTEGER NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (what, target, id)
) WITHOUT ROWID;

CREATE TABLE outbox (dot INTEGER PRIMARY KEY);

CREATE TABLE own_head (
    channel BLOB PRIMARY KEY,
    session BLOB NOT NULL,
    n INTEGER NOT NULL,
    digest BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE own_key (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE own_prekey (
    id BLOB PRIMARY KEY,
    private BLOB NOT NULL,
    signed BLOB NOT NULL,
    made_ms INTEGER NOT NULL
, published_ms INTEGER) WITHOUT ROWID;

CREATE TABLE parcel (
    digest BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    device INTEGER,
    session BLOB,
    channel BLOB,
    n INTEGER,
    at_ms INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE prekey (
    arrival INTEGER PRIMARY KEY,
    device INTEGER NOT NULL,
    id BLOB NOT NULL,
    signed BLOB NOT NULL,
    made_ms INTEGER NOT NULL,
    UNIQUE (device, id)
);

CREATE TABLE purge_out (
    digest BLOB PRIMARY KEY,
    sealed BLOB NOT NULL,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE read_note (
    case_file BLOB NOT NULL,
    act TEXT NOT NULL,
    session BLOB NOT NULL,
    number TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    sealed INTEGER NOT NULL,
    PRIMARY KEY (case_file, act, session)
) WITHOUT ROWID;

CREATE TABLE read_stream (
    device INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    head BLOB NOT NULL,
    acked INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (device, session, channel)
) WITHOUT ROWID;

CREATE TABLE received (
    device INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    digest BLOB NOT NULL,
    prev BLOB NOT NULL,
    proof BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (device, session, channel, n)
) WITHOUT ROWID;

CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    case_file INTEGER
);

CREATE TABLE relay_item (digest BLOB PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE relay_run (
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    head BLOB NOT NULL,
    PRIMARY KEY (session, channel, first)
) WITHOUT ROWID;

CREATE TABLE relay_state (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE roster (
    version INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
);

CREATE TABLE round_report (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE sealed (
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    digest BLOB NOT NULL,
    sealed BLOB,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (session, channel, n)
) WITHOUT ROWID;

CREATE TABLE sealed_change (
    dot INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (dot, session, channel, n)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE search USING fts5 (
    text,
    content = 'search_text',
    content_rowid = 'id',
    prefix = '1 2 3',
    columnsize = 0,
    tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE search_text (
    id INTEGER PRIMARY KEY,
    record INTEGER NOT NULL UNIQUE,
    case_file INTEGER NOT NULL,
    text TEXT NOT NULL
);

CREATE TABLE session (
    number BLOB PRIMARY KEY,
    device BLOB NOT NULL,
    begun_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    device BLOB NOT NULL,
    session BLOB NOT NULL,
    UNIQUE (device, session)
);

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

CREATE TABLE state_change (
    dot INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (dot, session, channel, n)
) WITHOUT ROWID;

CREATE TABLE state_due (device INTEGER PRIMARY KEY, ask BLOB NOT NULL);

CREATE TABLE state_given (
    case_file INTEGER NOT NULL,
    member INTEGER NOT NULL,
    upto INTEGER NOT NULL,
    PRIMARY KEY (case_file, member, upto)
) WITHOUT ROWID;

CREATE TABLE state_teller (device INTEGER PRIMARY KEY);

CREATE TABLE state_told (
    device INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    ask BLOB NOT NULL,
    PRIMARY KEY (device, session, channel, n)
) WITHOUT ROWID;

CREATE TABLE supervisor_device (device INTEGER PRIMARY KEY);

CREATE TABLE told_through (
    device INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (device, session, channel)
) WITHOUT ROWID;

CREATE TABLE voided (digest BLOB PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE wish (
    what BLOB PRIMARY KEY,
    times INTEGER NOT NULL,
    told_ms INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE witnessed (
    device INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (device, session, channel)
) WITHOUT ROWID;

CREATE INDEX attachment_case ON attachment (case_file);

CREATE INDEX change_alias ON change (hlc, dot) WHERE register = 'alias';

CREATE INDEX change_assigning ON change (case_file)
WHERE register IN ('handover', 'responsible', 'stand_in', 'supervision');

CREATE INDEX change_case ON change (case_file, hlc);

CREATE INDEX change_decision ON change (hlc) WHERE reason IS NOT NULL;

CREATE INDEX change_move ON change (record) WHERE register = 'belongs' AND dot <> record;

CREATE INDEX change_twin ON change (dot) WHERE twin > 0;

CREATE INDEX folder_item_digest ON folder_item (digest);

CREATE INDEX merged_canonical ON merged (canonical);

CREATE INDEX moved_case ON moved (case_file);

CREATE INDEX parcel_place ON parcel (device, session, channel, n) WHERE n IS NOT NULL;

CREATE INDEX received_digest ON received (digest);

CREATE INDEX received_first ON received (device, session, channel, prev) WHERE n = 1;

CREATE INDEX record_case ON record (case_file, type);

CREATE INDEX sealed_change_place ON sealed_change (session, channel, n);

CREATE INDEX sealed_kept ON sealed (at_ms) WHERE sealed IS NOT NULL;

CREATE INDEX state_change_place ON state_change (session, channel, n);

