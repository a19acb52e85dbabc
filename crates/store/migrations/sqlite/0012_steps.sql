-- How far each reservation has come, and when: from the request to the room's calendar.
CREATE TABLE reservation_steps (
    reservation_id TEXT NOT NULL REFERENCES reservations (id),
    step TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (reservation_id, step)
) WITHOUT ROWID;
-- Whose calendar the event stands in, where its person places it for somebody else: an address.
ALTER TABLE reservations ADD COLUMN on_behalf_of TEXT;
-- For whom it was done, where that is not who did it: an address.
ALTER TABLE audit ADD COLUMN for_whom TEXT;
