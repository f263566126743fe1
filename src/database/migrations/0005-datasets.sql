-- The content of datasets. A datapoint is stored once per dataset, however many versions contain
-- it.

CREATE TABLE datapoint (
  organization_id text COLLATE "C" NOT NULL,
  -- Derived from the dataset and the content, so that equal datapoints of a dataset are one row.
  id              text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  -- json, not jsonb: json keeps the order of keys.
  inputs          json,
  messages        json,
  target          json,
  created_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, file_id) REFERENCES file
);

CREATE TABLE version_datapoint (
  organization_id text COLLATE "C" NOT NULL,
  version_id      text COLLATE "C" NOT NULL,
  -- Counts from 0, without gaps.
  position        integer NOT NULL,
  datapoint_id    text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_id, version_id, position),
  UNIQUE (organization_id, version_id, datapoint_id),
  FOREIGN KEY (organization_id, version_id) REFERENCES version,
  FOREIGN KEY (organization_id, datapoint_id) REFERENCES datapoint
);

-- The order in which versions were made. Ids cannot give it: they depend on the clock of the server
-- that made them, and the next version of a dataset must build on the last one.
ALTER TABLE version ADD COLUMN number bigint NOT NULL GENERATED ALWAYS AS IDENTITY;
CREATE INDEX version_newest ON version (organization_id, file_id, number DESC)
  WHERE deleted_at IS NULL;
