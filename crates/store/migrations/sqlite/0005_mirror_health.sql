-- Whom a subscription was asked of, when it is to be prolonged, and whether anybody still wants it.
ALTER TABLE subscriptions ADD COLUMN connection_id TEXT;
ALTER TABLE subscriptions ADD COLUMN renew_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN unwanted BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE subscriptions SET connection_id =
    (SELECT connection_id FROM rooms WHERE rooms.id = subscriptions.room_id);

-- How a room is read: 'events', or 'free_busy' where only the times can be had.
ALTER TABLE room_sync ADD COLUMN source TEXT NOT NULL DEFAULT 'events';
ALTER TABLE room_sync ADD COLUMN failed_at BIGINT; -- null: never
ALTER TABLE room_sync ADD COLUMN dirty_since BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN looked_at_until BIGINT NOT NULL DEFAULT 0; -- somebody has it on screen
ALTER TABLE room_sync ADD COLUMN poll_at BIGINT NOT NULL DEFAULT 0;

-- How far its notifications can be relied upon.
ALTER TABLE room_sync ADD COLUMN notified_at BIGINT; -- null: never
ALTER TABLE room_sync ADD COLUMN suspect_since BIGINT; -- a change was found that nothing had announced
ALTER TABLE room_sync ADD COLUMN push_trust BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN push_missed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN push_problem TEXT; -- JSON; null: none
ALTER TABLE room_sync ADD COLUMN changed_at_seen BIGINT; -- the latest change whose lag was counted
ALTER TABLE room_sync ADD COLUMN lag TEXT NOT NULL DEFAULT ''; -- how many changes took how long

-- What a fresh reading of the whole calendar, compared with the mirror, has found.
ALTER TABLE room_sync ADD COLUMN check_due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN check_lease_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN checked_at BIGINT; -- null: never
ALTER TABLE room_sync ADD COLUMN fingerprint TEXT; -- of both, at that time
ALTER TABLE room_sync ADD COLUMN checks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN found BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN repaired BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN found_at BIGINT; -- null: nothing ever

-- The last time that somebody asked for all rooms, or one, to be read now.
CREATE TABLE sync_runs (
    scope TEXT PRIMARY KEY NOT NULL, -- 'all', or the room's id
    started_at BIGINT NOT NULL
) WITHOUT ROWID;
