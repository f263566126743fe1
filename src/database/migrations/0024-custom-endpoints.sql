-- Servers of an organization's own that speak OpenAI's API. A version names one as its provider.

CREATE TABLE custom_endpoint (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  name            text COLLATE "C" NOT NULL,
  -- `/chat/completions` is appended to it.
  base_url        text NOT NULL,
  -- The key and the default headers, encrypted: `{"apiKey", "headers": {name: value}}`. They decrypt
  -- only in this row, and only for the origin of this address. Null: it has neither.
  sealed_secrets  bytea,
  -- What may be shown of these.
  has_key         boolean NOT NULL,
  header_names    text[] COLLATE "C" NOT NULL,
  -- How the server differs from OpenAI; see the schema `endpointQuirks`.
  quirks          json NOT NULL,
  set_by          text COLLATE "C",
  created_at      timestamptz NOT NULL DEFAULT now(),
  set_at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, name),
  FOREIGN KEY (organization_id, set_by) REFERENCES member
);
