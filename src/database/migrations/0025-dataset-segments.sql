-- Versions of a dataset share the parts that they have in common: a version is a list of segments, and
-- a segment a list of datapoints that never changes. So a change of one datapoint writes one segment and
-- the list, however many datapoints there are. Before, a version had a row for each of its datapoints;
-- such versions stay as they are.

ALTER TABLE version_datapoint RENAME TO version_link;

CREATE SEQUENCE segment_id;

CREATE TABLE segment_datapoint (
  organization_id text COLLATE "C" NOT NULL,
  segment_id      bigint NOT NULL,
  -- Counts from 0, without gaps.
  position        integer NOT NULL,
  datapoint_id    text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_id, segment_id, position),
  FOREIGN KEY (organization_id, datapoint_id) REFERENCES datapoint
);
-- Whether a version has a datapoint.
CREATE INDEX segment_datapoint_found ON segment_datapoint (organization_id, datapoint_id, segment_id);

CREATE TABLE version_segment (
  organization_id text COLLATE "C" NOT NULL,
  version_id      text COLLATE "C" NOT NULL,
  -- The position of the segment's first datapoint in the version.
  start           integer NOT NULL,
  size            integer NOT NULL CHECK (size > 0),
  segment_id      bigint NOT NULL,
  PRIMARY KEY (organization_id, version_id, start),
  FOREIGN KEY (organization_id, version_id) REFERENCES version
);

-- The datapoints of every version. Positions count from 0, without gaps.
CREATE VIEW version_datapoint AS
  SELECT organization_id, version_id, position, datapoint_id FROM version_link
  UNION ALL
  SELECT v.organization_id, v.version_id, v.start + s.position, s.datapoint_id
  FROM version_segment v JOIN segment_datapoint s USING (organization_id, segment_id);

-- Servers of the previous release, which run on while servers are replaced one by one, write here.
CREATE FUNCTION link_datapoint() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO version_link VALUES (NEW.organization_id, NEW.version_id, NEW.position, NEW.datapoint_id);
  RETURN NEW;
END
$$;
CREATE TRIGGER link_datapoint INSTEAD OF INSERT ON version_datapoint
  FOR EACH ROW EXECUTE FUNCTION link_datapoint();
