-- What the code of a tool finds in its environment, whichever version runs.

CREATE TABLE tool_variable (
  organization_id text COLLATE "C" NOT NULL,
  id              text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  name            text COLLATE "C" NOT NULL,
  -- Encrypted for this row.
  sealed_value    bytea NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT tool_variable_key UNIQUE (organization_id, file_id, name),
  FOREIGN KEY (organization_id, file_id) REFERENCES file
);
