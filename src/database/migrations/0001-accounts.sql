-- Who may do what. Every primary key begins with the organization, and so does every foreign key:
-- a row of another organization cannot be reached by a wrong id.
--
-- Ids are lower-case base32 and sort by time, in every collation the same: COLLATE "C".

CREATE TABLE organization (
  id         text COLLATE "C" PRIMARY KEY,
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE member (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  id              text COLLATE "C" NOT NULL,
  email_address   text NOT NULL,
  full_name       text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id)
);

CREATE TABLE api_key (
  organization_id text COLLATE "C" NOT NULL,
  id              text COLLATE "C" NOT NULL,
  member_id       text COLLATE "C" NOT NULL,
  name            text NOT NULL,
  -- SHA-256 of the key, which itself is shown once and kept nowhere. Keys are random, so a slow
  -- hash would protect nothing.
  hash            bytea NOT NULL,
  -- Its first characters, so that people can tell their keys apart.
  hint            text NOT NULL,
  -- 'environment' is the one given by LOOPWRIGHT_API_KEY.
  origin          text NOT NULL CHECK (origin IN ('made', 'environment')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz,
  revoked_at      timestamptz,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, member_id) REFERENCES member ON DELETE CASCADE
);

-- Whose key is this? The one question asked before the organization is known.
CREATE UNIQUE INDEX api_key_hash_key ON api_key (hash);
