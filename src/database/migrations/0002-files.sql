-- Versioned files: six kinds in one set of tables.

CREATE TABLE environment (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  id              text COLLATE "C" NOT NULL,
  name            text NOT NULL,
  tag             text NOT NULL CHECK (tag IN ('default', 'other')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT environment_name_key UNIQUE (organization_id, name)
);

CREATE UNIQUE INDEX environment_default_key ON environment (organization_id) WHERE tag = 'default';

CREATE TABLE directory (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  id              text COLLATE "C" NOT NULL,
  parent_id       text COLLATE "C",
  name            text NOT NULL,
  -- From the root; the root's own path is empty.
  path            text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  CONSTRAINT directory_path_key UNIQUE (organization_id, path),
  FOREIGN KEY (organization_id, parent_id) REFERENCES directory
);

CREATE TABLE file (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  id              text COLLATE "C" NOT NULL,
  type            text NOT NULL,
  directory_id    text COLLATE "C" NOT NULL,
  name            text NOT NULL,
  path            text NOT NULL,
  description     text,
  tags            text[] NOT NULL DEFAULT '{}',
  readme          text,
  created_by      text COLLATE "C",
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  deleted_at      timestamptz,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, directory_id) REFERENCES directory,
  FOREIGN KEY (organization_id, created_by) REFERENCES member
);

-- A path holds at most one file, whatever its kind. Deleting a file frees its path.
CREATE UNIQUE INDEX file_path_key ON file (organization_id, path) WHERE deleted_at IS NULL;
CREATE INDEX file_list ON file (organization_id, type, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;

CREATE TABLE version (
  organization_id text COLLATE "C" NOT NULL,
  id              text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  -- The fields that define the version, in wire form. json, not jsonb: json keeps the order of
  -- keys, and models answer in the order of a schema's properties.
  spec            json NOT NULL,
  fingerprint     text COLLATE "C" NOT NULL,
  name            text,
  description     text,
  created_by      text COLLATE "C",
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  deleted_at      timestamptz,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, file_id) REFERENCES file,
  FOREIGN KEY (organization_id, created_by) REFERENCES member
);

CREATE UNIQUE INDEX version_fingerprint_key ON version (organization_id, file_id, fingerprint)
  WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX version_name_key ON version (organization_id, file_id, name)
  WHERE deleted_at IS NULL;
CREATE INDEX version_list ON version (organization_id, file_id, id DESC);

CREATE TABLE deployment (
  organization_id text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  environment_id  text COLLATE "C" NOT NULL,
  version_id      text COLLATE "C" NOT NULL,
  deployed_at     timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, file_id, environment_id),
  FOREIGN KEY (organization_id, file_id) REFERENCES file,
  FOREIGN KEY (organization_id, environment_id) REFERENCES environment,
  FOREIGN KEY (organization_id, version_id) REFERENCES version
);

-- How often each version was used. Processes add to it in batches, so that a call never waits for a
-- counter, and two calls never wait for each other's.
CREATE TABLE version_usage (
  organization_id text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  version_id      text COLLATE "C" NOT NULL,
  logs_count      bigint NOT NULL,
  last_used_at    timestamptz NOT NULL,
  PRIMARY KEY (organization_id, file_id, version_id),
  FOREIGN KEY (organization_id, version_id) REFERENCES version
);
