-- How often reading a room has failed, ever; and until when its calendar asked us to wait.
ALTER TABLE room_sync ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN held_until BIGINT NOT NULL DEFAULT 0;

-- The rooms that somebody wanted read, with the marks and failures they had then. What was asked for before is forgotten.
DELETE FROM sync_runs;
CREATE TABLE sync_run_rooms (
    scope TEXT NOT NULL, -- as in sync_runs
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    dirty_count BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (scope, room_id)
);

-- The processes that run, so that each keeps to its share of what Microsoft allows.
CREATE TABLE processes (
    id TEXT PRIMARY KEY NOT NULL,
    seen_at BIGINT NOT NULL,
    counted BIGINT NOT NULL -- how many of them it knew of then, itself included
);

-- What Microsoft asked whoever comes to a mailbox, or at all, to wait.
CREATE TABLE asked_waits (
    connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    whose TEXT NOT NULL, -- empty: everybody's
    until BIGINT NOT NULL,
    PRIMARY KEY (connection_id, whose)
);
