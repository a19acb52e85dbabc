-- Series placed in the portal. Every date that has a room is a reservation of its own.
CREATE TABLE series (
    id TEXT PRIMARY KEY NOT NULL,
    building_id TEXT NOT NULL,
    zone TEXT NOT NULL,
    person_tenant TEXT NOT NULL,
    person_object TEXT NOT NULL,
    person_name TEXT NOT NULL,
    person_address TEXT NOT NULL,
    wish TEXT NOT NULL, -- JSON: when it repeats, and what its rooms have to be like
    way TEXT NOT NULL,
    event_mailbox TEXT, -- of the event that repeats; null: it is not known to stand
    event_id TEXT,
    event_ical_uid TEXT,
    written_at BIGINT, -- null: not all of it is written
    ends_at BIGINT NOT NULL, -- of its last date
    created_at BIGINT NOT NULL,
    CHECK ((event_id IS NULL) = (event_mailbox IS NULL) AND (event_id IS NULL) = (event_ical_uid IS NULL))
) WITHOUT ROWID;
CREATE INDEX series_person ON series (person_tenant, person_object, ends_at);

CREATE TABLE series_dates (
    series_id TEXT NOT NULL REFERENCES series (id) ON DELETE CASCADE,
    number BIGINT NOT NULL, -- from 1
    original_start BIGINT NOT NULL, -- where the pattern has it
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    reservation_id TEXT REFERENCES reservations (id), -- null: left out
    is_apart BOOLEAN NOT NULL DEFAULT FALSE, -- placed later, as an event of its own
    is_watched BOOLEAN NOT NULL, -- left out because no room was free
    offered_room TEXT, -- free by now; null: none is, or nobody looked
    offered_at BIGINT,
    PRIMARY KEY (series_id, number),
    CHECK ((offered_room IS NULL) = (offered_at IS NULL))
) WITHOUT ROWID;
CREATE UNIQUE INDEX series_dates_reservation ON series_dates (reservation_id) WHERE reservation_id IS NOT NULL;
CREATE INDEX series_dates_start ON series_dates (starts_at);
