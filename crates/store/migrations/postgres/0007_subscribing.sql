-- When a calendar that notifies us of nothing is asked to; whoever does that moves it ahead, and so does a refusal.
ALTER TABLE room_sync ADD COLUMN subscribe_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE room_sync ADD COLUMN subscribe_failures BIGINT NOT NULL DEFAULT 0; -- in a row
-- The same for prolonging what was promised.
ALTER TABLE subscriptions ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE subscriptions ADD COLUMN failures BIGINT NOT NULL DEFAULT 0; -- in a row

-- A room wants one promise and no second one.
UPDATE subscriptions SET unwanted = TRUE, renew_at = 0 WHERE NOT unwanted AND EXISTS (
    SELECT 1 FROM subscriptions AS other WHERE other.room_id = subscriptions.room_id AND NOT other.unwanted
    AND (other.expires_at > subscriptions.expires_at
        OR (other.expires_at = subscriptions.expires_at AND other.id < subscriptions.id)));
CREATE UNIQUE INDEX subscriptions_wanted ON subscriptions (room_id) WHERE NOT unwanted;
