-- Merging: what reading follows. All of it is worked out from the changes and can be made anew from them.

-- The heads of the register `alias`: the case file `source` is the same family as `into_case`.
CREATE TABLE alias (
    dot INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    into_case INTEGER NOT NULL,
    author INTEGER NOT NULL
);

-- Case files that are read under another one.
CREATE TABLE merged (
    case_file INTEGER PRIMARY KEY,
    canonical INTEGER NOT NULL
);
CREATE INDEX merged_canonical ON merged (canonical);

-- Records that belong to another case file than the one they were made in.
CREATE TABLE moved (
    record INTEGER PRIMARY KEY,
    origin INTEGER NOT NULL,
    case_file INTEGER NOT NULL
);
CREATE INDEX moved_case ON moved (case_file);

-- Deleted records of a case file: nobody looks for them but who wants them back.
CREATE TABLE deleted (record INTEGER PRIMARY KEY);

-- Dots that came with two contents: somebody's device wrote one number twice.
CREATE INDEX change_twin ON change (dot) WHERE twin > 0;

-- Every change that ever said that one case file is the same family as another.
CREATE INDEX change_alias ON change (hlc, dot) WHERE register = 'alias';

-- Every change that ever moved something to another case file: they are few.
CREATE INDEX change_move ON change (record) WHERE register = 'belongs' AND dot <> record;
