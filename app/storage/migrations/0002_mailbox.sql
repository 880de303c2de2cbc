-- What the sync engine keeps: rosters, keys, sealed copies, streams, parcels, the relay's inventory.
-- Sessions and channels are 8 bytes; times are milliseconds since 1970; `device` is a roster index.

CREATE TABLE roster (
    version INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL
);

-- Devices of supervisors by the newest roster: their signature makes "with the KI" true.
CREATE TABLE supervisor_device (device INTEGER PRIMARY KEY);

-- This device's private halves and what else it needs to be itself, by name.
CREATE TABLE own_key (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE own_prekey (
    id BLOB PRIMARY KEY,
    private BLOB NOT NULL,
    signed BLOB NOT NULL,
    made_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Verified prekeys of other devices; of two made on one day the one that came later is newer.
CREATE TABLE prekey (
    arrival INTEGER PRIMARY KEY,
    device INTEGER NOT NULL,
    id BLOB NOT NULL,
    signed BLOB NOT NULL,
    made_ms INTEGER NOT NULL,
    UNIQUE (device, id)
);

-- Own and granted channel keys; `audience` is canonical CBOR of sorted member ids.
CREATE TABLE channel_key (
    device INTEGER NOT NULL,
    channel BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    key BLOB NOT NULL,
    commitment BLOB NOT NULL,
    audience BLOB NOT NULL,
    begun_ms INTEGER NOT NULL,
    PRIMARY KEY (device, channel, epoch)
) WITHOUT ROWID;

CREATE TABLE grant_out (
    channel BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    recipient INTEGER NOT NULL,
    digest BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (channel, epoch, recipient)
) WITHOUT ROWID;

-- The last envelope sealed in each own channel.
CREATE TABLE own_head (
    channel BLOB PRIMARY KEY,
    session BLOB NOT NULL,
    n INTEGER NOT NULL,
    digest BLOB NOT NULL
) WITHOUT ROWID;

-- Own envelopes; `sealed` is emptied when every recipient has acknowledged.
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
CREATE INDEX sealed_kept ON sealed (at_ms) WHERE sealed IS NOT NULL;

-- Which own change went into which envelope.
CREATE TABLE sealed_change (
    dot INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (dot, session, channel, n)
) WITHOUT ROWID;
CREATE INDEX sealed_change_place ON sealed_change (session, channel, n);

-- What the relay said it holds, or held, of our own envelopes, grants and prekeys.
CREATE TABLE relay_run (
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    head BLOB NOT NULL,
    PRIMARY KEY (session, channel, first)
) WITHOUT ROWID;
CREATE TABLE relay_item (digest BLOB PRIMARY KEY) WITHOUT ROWID;

-- Heads of our streams that other devices have signed for, the furthest of each.
CREATE TABLE ack_in (
    recipient INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (recipient, session, channel)
) WITHOUT ROWID;

-- Envelopes of others that were applied; `proof` (header and signature) outlives the ciphertext.
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
CREATE INDEX received_digest ON received (digest);
CREATE INDEX received_first ON received (device, session, channel, prev) WHERE n = 1;

-- How far a stream was read without a hole (`n`, `head`), and how far that was signed for.
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

-- How far others say a stream reaches: notices a relay that withholds.
CREATE TABLE witnessed (
    device INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (device, session, channel)
) WITHOUT ROWID;

-- Held: something is lacking. Quarantined: something is wrong. Both are read again.
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

-- Changes whose clock was more than a day ahead of the relay's when they came.
CREATE TABLE clock_wrong (dot INTEGER PRIMARY KEY);

CREATE TABLE relay_state (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE round_report (
    id INTEGER PRIMARY KEY,
    body TEXT NOT NULL
);
