-- Requests that clients gave a key, so that a repeat has no second effect. Kept for a day.
CREATE TABLE idempotency_key (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  key             text COLLATE "C" NOT NULL,
  -- The fingerprint of the request, encrypted for this row: what is in a request may be short enough
  -- to be guessed from a hash. Null: the request was refused, and any other may have the key.
  sealed_request  bytea,
  -- The id for the log of the run that the request begins, unless the request says one itself. It
  -- stays when the request is refused: whatever is repeated under the key makes one log, and not two.
  log_id          text COLLATE "C",
  -- Of a request that goes on with a run: the number of the run's last event before. Null: it has not
  -- gone on yet.
  events_before   integer,
  -- The first answer, encrypted for this row. Null while the request is under way, and of streams.
  sealed_answer   bytea,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, key)
);

CREATE INDEX idempotency_key_age ON idempotency_key (created_at);
