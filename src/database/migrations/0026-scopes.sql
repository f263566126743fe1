-- What members and API keys may do. The defaults are for servers of the release before, which know no
-- scopes: their keys can do everything, as they could.

ALTER TABLE member
  ADD COLUMN role text NOT NULL DEFAULT 'owner'
    CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
  -- 'system': whoever uses the keys that a server made, and no person: it cannot sign in.
  -- 'removed': the row stays, because what they made names them.
  ADD COLUMN status text NOT NULL DEFAULT 'system'
    CHECK (status IN ('system', 'invited', 'imported', 'active', 'removed'));

ALTER TABLE api_key
  ADD COLUMN scopes text[] NOT NULL DEFAULT '{run,read,write,admin}'
    CHECK (cardinality(scopes) > 0 AND scopes <@ '{run,read,write,admin}'),
  -- Of keys that replaced each other, the first; null: the key itself.
  ADD COLUMN first_id text COLLATE "C",
  -- The member who made it; null: the server, or a command of its operator.
  ADD COLUMN created_by text COLLATE "C",
  -- At most a minute late.
  ADD COLUMN last_used_at timestamptz,
  ADD FOREIGN KEY (organization_id, created_by) REFERENCES member;

CREATE INDEX api_key_member ON api_key (organization_id, member_id);

-- The API key of the request that made the log: of keys that replaced each other, the first. Null for
-- logs that the server made, and for those from before.
ALTER TABLE log ADD COLUMN api_key_id text COLLATE "C";
