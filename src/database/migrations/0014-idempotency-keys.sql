-- Requests with an idempotency key, so that a repeat has no second effect. Kept for a day.
CREATE TABLE idempotency_key (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  key             text COLLATE "C" NOT NULL,
  -- The fingerprint of the request. Encrypted, because a short request could be guessed from a
  -- hash; decrypts only in this row. Null: the request was refused, and the key is free for any
  -- other request.
  sealed_request  bytea,
  -- The id for the log of the run that the request starts, unless the request names one itself. It
  -- is kept when the request is refused, so that all repeats under the key make one log.
  log_id          text COLLATE "C",
  -- For a request that continues a run: the number of the run's last event before it. Null: it has
  -- not continued the run yet.
  events_before   integer,
  -- The first answer; encrypted, decrypts only in this row. Null while the request is under way,
  -- and for streams.
  sealed_answer   bytea,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, key)
);

CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
