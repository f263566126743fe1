-- An organization's keys for model vendors, at most one per vendor. A call uses them when it brings
-- no key.

CREATE TABLE provider_key (
  organization_id text COLLATE "C" NOT NULL REFERENCES organization ON DELETE CASCADE,
  provider        text COLLATE "C" NOT NULL,
  -- Encrypted; decrypts only in this row, and only with this endpoint.
  sealed_key      bytea NOT NULL,
  -- The address that the key may be sent to; null: the server's address for the vendor.
  endpoint        text,
  -- The last characters of the key, so that people can recognise it; null when they would reveal
  -- too much.
  hint            text,
  set_by          text COLLATE "C",
  set_at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, provider),
  FOREIGN KEY (organization_id, set_by) REFERENCES member
);
