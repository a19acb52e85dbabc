-- When the one attempt at what must not be done twice was begun. Null: it was not, or was refused for certain.
ALTER TABLE outbox ADD COLUMN begun_at BIGINT;

-- Whether Etage may decline for a tenant's rooms what people reserved, and whether people from outside reserve there.
ALTER TABLE connections ADD COLUMN allows_declining BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE connections ADD COLUMN has_externals BOOLEAN NOT NULL DEFAULT FALSE;
