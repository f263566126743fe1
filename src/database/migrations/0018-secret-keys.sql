-- The secret keys that servers of this database encrypt with. Each is named by its id: the first
-- bytes of everything that it encrypted. A server that starts without one of them looks for what
-- can no longer be decrypted.
CREATE TABLE secret_key (
  id            bytea PRIMARY KEY,
  first_used_at timestamptz NOT NULL DEFAULT now()
);
