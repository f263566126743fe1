-- Organizations, members and API keys. Every primary key and every foreign key begins with the
-- organization, so that a wrong id can never reach a row of another organization. Ids are
-- lower-case base32 and sort by time; COLLATE "C" gives them the same order in every database.

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
  -- SHA-256 of the key. The key itself is shown once and stored nowhere. Keys are random, so a slow
  -- hash would add no protection.
  hash            bytea NOT NULL,
  -- The first characters of the key, so that people can tell their keys apart.
  hint            text NOT NULL,
  -- 'environment': the key that LOOPWRIGHT_API_KEY sets.
  origin          text NOT NULL CHECK (origin IN ('made', 'environment')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz,
  revoked_at      timestamptz,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, member_id) REFERENCES member ON DELETE CASCADE
);

-- Finds the owner of a key. It is the only lookup that is made before the organization is known.
CREATE UNIQUE INDEX api_key_hash_key ON api_key (hash);
