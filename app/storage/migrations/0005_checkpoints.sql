-- What a device lacks and asked others for; states of case files as others told them; the life of keys.

-- A wish (canonical CBOR), how often it was told, and when last.
CREATE TABLE wish (
    what BLOB PRIMARY KEY,
    times INTEGER NOT NULL,
    told_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- Asks of other devices that were answered.
CREATE TABLE ask_answered (digest BLOB PRIMARY KEY) WITHOUT ROWID;

-- Devices that asked for the whole state and wait for it, with the hash of their ask.
CREATE TABLE state_due (device INTEGER PRIMARY KEY, ask BLOB NOT NULL);

-- The last part of each state that was told to a device: its place, to be acknowledged.
CREATE TABLE state_told (
    device INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    ask BLOB NOT NULL,
    PRIMARY KEY (device, session, channel, n)
) WITHOUT ROWID;

-- Devices that have told the whole state since it was asked for.
CREATE TABLE state_teller (device INTEGER PRIMARY KEY);

-- Streams whose envelopes up to n need not come any more: a state told what was in them (own: -1).
CREATE TABLE told_through (
    device INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (device, session, channel)
) WITHOUT ROWID;

-- Own envelopes that somebody asked for once more, though the relay had them before.
CREATE TABLE offer_again (
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (session, channel, n)
) WITHOUT ROWID;

-- Changes that only somebody else's word vouches for, and whose (member id).
CREATE TABLE attested (
    dot INTEGER NOT NULL,
    twin INTEGER NOT NULL,
    member INTEGER NOT NULL,
    PRIMARY KEY (dot, twin)
) WITHOUT ROWID;

-- What attested changes say they cover: it never hides what is proven.
CREATE TABLE claimed (
    record INTEGER NOT NULL,
    register TEXT NOT NULL,
    context BLOB NOT NULL,
    PRIMARY KEY (record, register)
) WITHOUT ROWID;

-- Which changes, own and others', went into which own checkpoint.
CREATE TABLE state_change (
    dot INTEGER NOT NULL,
    session BLOB NOT NULL,
    channel BLOB NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (dot, session, channel, n)
) WITHOUT ROWID;
CREATE INDEX state_change_place ON state_change (session, channel, n);

-- Members who were told a case file's state by this device; own changes of a session up to `upto` went with it.
CREATE TABLE state_given (
    case_file INTEGER NOT NULL,
    member INTEGER NOT NULL,
    upto INTEGER NOT NULL,
    PRIMARY KEY (case_file, member, upto)
) WITHOUT ROWID;

-- Case files in which others wrote, of which it is still to be asked whom that did not reach.
CREATE TABLE heard (case_file INTEGER PRIMARY KEY);

-- Envelopes of others that were read here, and which their senders voided: they may have reached nobody else.
CREATE TABLE voided (digest BLOB PRIMARY KEY) WITHOUT ROWID;

-- When the relay was seen to hold a prekey; the prekey to which a channel's key was granted.
ALTER TABLE own_prekey ADD COLUMN published_ms INTEGER;
ALTER TABLE channel_key ADD COLUMN prekey BLOB;

-- Who was ever assigned, found among however many changes of a case file.
CREATE INDEX change_assigning ON change (case_file)
WHERE register IN ('handover', 'responsible', 'stand_in', 'supervision');
