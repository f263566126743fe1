-- The keys by which an organization calls model vendors where a call brings none: one for each vendor.

CREATE TABLE provider_key (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  provider        text COLLATE "C" NOT NULL,
  -- Encrypted for this row and its endpoint: beside another one it does not open.
  sealed_key      bytea NOT NULL,
  -- Where the key may go; null: to the address that the server has for the vendor.
  endpoint        text,
  -- Its last characters, so that people can tell it; null where they would tell too much.
  hint            text,
  set_by          text COLLATE "C",
  set_at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, provider),
  FOREIGN KEY (organization_id, set_by) REFERENCES member
);
