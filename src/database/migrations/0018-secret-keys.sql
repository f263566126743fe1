-- The secret keys that servers of this database encrypt with, each by the bytes with which everything
-- begins that it encrypted. Whose start misses one of them looks for what is lost with it.
CREATE TABLE secret_key (
  id            bytea PRIMARY KEY,
  first_used_at timestamptz NOT NULL DEFAULT now()
);
