-- Drafts that are confirmed but whose event is not known yet: looked for every half second, and few.
CREATE INDEX reservations_event_unknown ON reservations (changed_at)
    WHERE state = 'confirmed' AND draft_key IS NOT NULL AND event_id IS NULL;
