-- The rooms as the drawing tells them, before anybody's other word: what a later drawing is compared
-- with. JSON; null: they were not kept.
ALTER TABLE plans ADD COLUMN rooms TEXT;
