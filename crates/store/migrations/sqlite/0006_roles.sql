-- What people may do beyond booking for themselves; who has no row books.
CREATE TABLE roles (
    tenant TEXT NOT NULL,
    object TEXT NOT NULL,
    role TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, object)
) WITHOUT ROWID;

-- Links that make their first user an administrator. Only the hash of the secret in each is kept.
CREATE TABLE admin_links (
    secret_hash TEXT PRIMARY KEY NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT -- null: not yet
) WITHOUT ROWID;
