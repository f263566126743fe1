-- Members who sign in, their sessions, the links that are given to them, and tries to sign in.

ALTER TABLE member
  -- `scrypt$N$r$p$salt$hash`, the last two in base64. Null: cannot sign in.
  ADD COLUMN password     text,
  ADD COLUMN appearance   text CHECK (appearance IN ('system', 'light', 'dark')),
  -- At most a minute late.
  ADD COLUMN last_seen_at timestamptz;

-- A person signs in with nothing but an email address, so it leads to one account of the server.
CREATE UNIQUE INDEX member_sign_in_key ON member (lower(email_address)) WHERE password IS NOT NULL;
CREATE UNIQUE INDEX member_email_key ON member (organization_id, lower(email_address))
  WHERE status IN ('invited', 'imported', 'active');

CREATE TABLE session (
  organization_id text COLLATE "C" NOT NULL,
  id              text COLLATE "C" NOT NULL,
  member_id       text COLLATE "C" NOT NULL,
  -- SHA-256 of what the cookie holds.
  hash            bytea NOT NULL,
  user_agent      text,
  created_at      timestamptz NOT NULL DEFAULT now(),
  -- At most a minute late.
  last_seen_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, member_id) REFERENCES member ON DELETE CASCADE
);

CREATE UNIQUE INDEX session_hash_key ON session (hash);
CREATE INDEX session_member ON session (organization_id, member_id);

-- Links that work once: the row is deleted by the statement that takes it.
CREATE TABLE account_link (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  id              text COLLATE "C" NOT NULL,
  purpose         text NOT NULL CHECK (purpose IN ('setup', 'invitation', 'reset')),
  -- Null for the setup: there is nobody yet.
  member_id       text COLLATE "C",
  -- SHA-256 of the token in the link.
  hash            bytea NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now(),
  expires_at      timestamptz NOT NULL,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, member_id) REFERENCES member ON DELETE CASCADE,
  -- A new link takes the place of the one before.
  CONSTRAINT account_link_purpose_key UNIQUE NULLS NOT DISTINCT (organization_id, purpose, member_id)
);

CREATE UNIQUE INDEX account_link_hash_key ON account_link (hash);

-- Failed tries to sign in, by account and by address, whether the account exists or not. Subjects are
-- hashed: they may be passwords that were typed into the wrong field. Losing rows in a crash would
-- only give an attacker a few tries more.
CREATE UNLOGGED TABLE sign_in_try (
  subject       bytea PRIMARY KEY,
  tries         integer NOT NULL,
  last_at       timestamptz NOT NULL,
  -- No try before this moment.
  next_at       timestamptz NOT NULL
);

CREATE INDEX sign_in_try_age ON sign_in_try (last_at);
