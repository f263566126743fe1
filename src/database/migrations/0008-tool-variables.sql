-- Environment variables for the code of a tool, the same for all of its versions.

CREATE TABLE tool_variable (
  organization_id text COLLATE "C" NOT NULL,
  id              text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  name            text COLLATE "C" NOT NULL,
  -- Encrypted; decrypts only in this row.
  sealed_value    bytea NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT tool_variable_key UNIQUE (organization_id, file_id, name),
  FOREIGN KEY (organization_id, file_id) REFERENCES file
);
