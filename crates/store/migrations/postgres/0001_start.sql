-- Ids are UUIDs as text, instants are milliseconds since 1970 UTC, JSON is text.

CREATE TABLE connections (
    id TEXT PRIMARY KEY NOT NULL,
    tenant TEXT NOT NULL,
    client_id TEXT NOT NULL,
    name TEXT NOT NULL,
    credential TEXT NOT NULL, -- sealed
    booking_mailbox TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (tenant, client_id)
);

CREATE TABLE buildings (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    zone TEXT NOT NULL
);

CREATE TABLE floors (
    id TEXT PRIMARY KEY NOT NULL,
    building_id TEXT NOT NULL REFERENCES buildings (id),
    level BIGINT NOT NULL,
    label TEXT NOT NULL,
    plan_revision BIGINT NOT NULL DEFAULT 0 -- of the latest published plan; 0: none yet
);
CREATE INDEX floors_building ON floors (building_id);

CREATE TABLE sections (
    id TEXT PRIMARY KEY NOT NULL,
    floor_id TEXT NOT NULL REFERENCES floors (id) ON DELETE CASCADE,
    name TEXT NOT NULL
);
CREATE INDEX sections_floor ON sections (floor_id);

CREATE TABLE plans (
    floor_id TEXT NOT NULL REFERENCES floors (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    plan TEXT NOT NULL,
    PRIMARY KEY (floor_id, revision)
);

CREATE TABLE rooms (
    id TEXT PRIMARY KEY NOT NULL,
    building_id TEXT NOT NULL REFERENCES buildings (id),
    floor_id TEXT NOT NULL REFERENCES floors (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    seats BIGINT,
    seats_guessed BOOLEAN NOT NULL,
    equipment BIGINT NOT NULL,
    step_free BOOLEAN,
    connection_id TEXT REFERENCES connections (id),
    mailbox TEXT UNIQUE,
    shape_id TEXT,
    zone TEXT NOT NULL,
    CHECK ((connection_id IS NULL) = (mailbox IS NULL))
);

-- One narrow row per room: whoever changes anything about a room updates it first, so it is both
-- the lock that serialises writers and the mark by which other processes learn of the change.
CREATE TABLE room_revisions (
    room_id TEXT PRIMARY KEY NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    revision BIGINT NOT NULL -- id of the transaction that changed it
) WITH (fillfactor = 50);

CREATE TABLE room_sync (
    room_id TEXT PRIMARY KEY NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    cursor TEXT,
    window_start BIGINT,
    window_end BIGINT,
    synced_at BIGINT,
    last_error TEXT,
    dirty_count BIGINT NOT NULL DEFAULT 0, -- goes up with every mark
    clean_count BIGINT NOT NULL DEFAULT 0, -- the marks answered; less than dirty_count: dirty
    due_at BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX room_sync_dirty ON room_sync (due_at) WHERE dirty_count > clean_count;

CREATE TABLE subscriptions (
    id TEXT PRIMARY KEY NOT NULL,
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    client_state TEXT NOT NULL -- sealed
);
CREATE INDEX subscriptions_room ON subscriptions (room_id);
CREATE INDEX subscriptions_expiry ON subscriptions (expires_at);

-- A room has some hundred busy times: they are found by the front of the primary key alone, so
-- that taking in a calendar maintains a single index.
CREATE TABLE busy_times (
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL,
    ical_uid TEXT,
    series_id TEXT,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    organizer_name TEXT,
    organizer_address TEXT,
    PRIMARY KEY (room_id, event_id)
);

CREATE TABLE reservations (
    id TEXT PRIMARY KEY NOT NULL,
    room_id TEXT NOT NULL REFERENCES rooms (id),
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    draft_key TEXT, -- null: placed in the portal
    expires_at BIGINT, -- of a draft's hold
    person_tenant TEXT NOT NULL,
    person_object TEXT NOT NULL,
    person_name TEXT NOT NULL,
    person_address TEXT NOT NULL,
    event_mailbox TEXT,
    event_id TEXT,
    event_ical_uid TEXT,
    note TEXT, -- JSON
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CHECK (ends_at > starts_at),
    CHECK ((draft_key IS NULL) = (expires_at IS NULL)),
    CHECK ((event_id IS NULL) = (event_mailbox IS NULL) AND (event_id IS NULL) = (event_ical_uid IS NULL))
);
CREATE INDEX reservations_open ON reservations (room_id, ends_at)
    WHERE state IN ('held', 'submitted', 'confirmed', 'checked_in');
CREATE INDEX reservations_unanswered ON reservations (created_at) WHERE state IN ('held', 'submitted');
CREATE UNIQUE INDEX reservations_draft ON reservations (draft_key) WHERE state = 'held';
CREATE INDEX reservations_person ON reservations (person_tenant, person_object, ends_at);
CREATE INDEX reservations_event ON reservations (event_ical_uid) WHERE event_ical_uid IS NOT NULL;

CREATE TABLE outbox (
    id TEXT PRIMARY KEY NOT NULL,
    reservation_id TEXT NOT NULL REFERENCES reservations (id),
    kind TEXT NOT NULL,
    payload TEXT NOT NULL, -- JSON; gone with the row once the calendar knows
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    lease_until BIGINT NOT NULL DEFAULT 0,
    lease_owner TEXT,
    last_error TEXT,
    given_up_at BIGINT
);
CREATE INDEX outbox_due ON outbox (due_at) WHERE given_up_at IS NULL;
CREATE INDEX outbox_reservation ON outbox (reservation_id);

CREATE TABLE people (
    tenant TEXT NOT NULL,
    object TEXT NOT NULL,
    display_name TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (tenant, object)
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY NOT NULL,
    tenant TEXT NOT NULL,
    object TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    FOREIGN KEY (tenant, object) REFERENCES people (tenant, object) ON DELETE CASCADE
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE grants (
    tenant TEXT NOT NULL,
    object TEXT NOT NULL,
    refresh_token TEXT NOT NULL, -- sealed
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, object)
);

CREATE TABLE audit (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    who_tenant TEXT, -- null: the server by itself
    who_object TEXT,
    what TEXT NOT NULL,
    reservation_id TEXT,
    room_id TEXT
);
CREATE INDEX audit_reservation ON audit (reservation_id) WHERE reservation_id IS NOT NULL;
CREATE INDEX audit_at ON audit (at);
