-- One feed of what happens to logs: made, changed, completed, deleted. See docs/decisions/0011.
--
-- It replaces log_intake and version_usage. Servers of the release before still use both while this
-- release starts, so both tables stay. A later migration drops them, and indexes the logs that are
-- still named in log_intake again.

-- Make writers wait until the triggers are replaced: the old triggers or the new ones count each
-- log.
LOCK TABLE log IN ACCESS EXCLUSIVE MODE;

-- What each statement did to logs, until the consumers have received it. Writers only add rows, so
-- they never wait for each other.
CREATE TABLE log_feed (
  organization_id text COLLATE "C" NOT NULL,
  -- Rises with each write of a log, because the write draws it while it holds the lock of the log's
  -- row.
  number          bigint GENERATED ALWAYS AS IDENTITY,
  file_id         text COLLATE "C" NOT NULL,
  version_id      text COLLATE "C" NOT NULL,
  type            text NOT NULL,
  change          text NOT NULL CHECK (change IN ('made', 'changed', 'deleted')),
  -- The state before and after the write. A log without a status counts as complete.
  was_complete    boolean NOT NULL,
  is_complete     boolean NOT NULL,
  -- At most 200, so that one row is moved quickly.
  log_ids         text[] COLLATE "C" NOT NULL,
  -- For created logs: when the last of them used its version.
  used_at         timestamptz,
  -- How often a consumer failed at the row, and when it is tried again; null: at once.
  tries           integer NOT NULL DEFAULT 0,
  retry_at        timestamptz,
  PRIMARY KEY (organization_id, number)
);
CREATE INDEX log_feed_postponed ON log_feed (organization_id, number) WHERE retry_at IS NOT NULL;

CREATE FUNCTION feed_made_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log_feed (organization_id, file_id, version_id, type, change, was_complete, is_complete,
    log_ids, used_at)
  SELECT organization_id, file_id, version_id, type, 'made', false, is_complete, array_agg(id),
    max(used_at)
  FROM (SELECT organization_id, file_id, version_id, type, id,
      log_status IS DISTINCT FROM 'incomplete' AS is_complete,
      -- A tool is in use until its call ends.
      coalesce(CASE WHEN tool_call_id IS NOT NULL THEN end_time END, created_at) AS used_at,
      (row_number() OVER () - 1) / 200 AS part
    FROM made) each_log
  GROUP BY organization_id, file_id, version_id, type, is_complete, part;
  RETURN NULL;
END
$$;

-- Adds a row for a log that is completed or opened again, and for a complete log whose text changes.
-- Consumers see other changes of an incomplete log when it is completed. Each log has a row of its
-- own: grouping logs would double what the trigger adds to a statement about a single log, and most
-- statements are about one.
CREATE FUNCTION feed_changed_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log_feed (organization_id, file_id, version_id, type, change, was_complete, is_complete,
    log_ids)
  SELECT a.organization_id, a.file_id, a.version_id, a.type, 'changed',
    b.log_status IS DISTINCT FROM 'incomplete', a.log_status IS DISTINCT FROM 'incomplete',
    ARRAY[a.id]
  FROM before b JOIN after a ON a.organization_id = b.organization_id AND a.id = b.id
  WHERE CASE
    WHEN (a.log_status IS DISTINCT FROM 'incomplete') <> (b.log_status IS DISTINCT FROM 'incomplete')
      THEN true
    WHEN a.log_status = 'incomplete' THEN false
    -- Compare the texts of json values, because json has no equality.
    ELSE a.output IS DISTINCT FROM b.output OR a.metadata IS DISTINCT FROM b.metadata
      OR a.inputs::text IS DISTINCT FROM b.inputs::text
      OR a.output_message::text IS DISTINCT FROM b.output_message::text END;
  RETURN NULL;
END
$$;

CREATE FUNCTION feed_deleted_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log_feed (organization_id, file_id, version_id, type, change, was_complete, is_complete,
    log_ids)
  SELECT organization_id, file_id, version_id, type, 'deleted', was_complete, false, array_agg(id)
  FROM (SELECT organization_id, file_id, version_id, type, id,
      log_status IS DISTINCT FROM 'incomplete' AS was_complete,
      (row_number() OVER () - 1) / 200 AS part
    FROM deleted) each_log
  GROUP BY organization_id, file_id, version_id, type, was_complete, part;
  RETURN NULL;
END
$$;

DROP TRIGGER take_in_made ON log;
DROP TRIGGER take_in_deleted ON log;
DROP FUNCTION take_in_made_logs, take_in_deleted_logs;

CREATE TRIGGER feed_made AFTER INSERT ON log REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION feed_made_logs();
CREATE TRIGGER feed_changed AFTER UPDATE ON log REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION feed_changed_logs();
CREATE TRIGGER feed_deleted AFTER DELETE ON log REFERENCING OLD TABLE AS deleted
  FOR EACH STATEMENT EXECUTE FUNCTION feed_deleted_logs();

-- Logs whose current text is not in log_search. A search reads the texts of these logs themselves.
-- Incomplete logs, because their texts will change:
CREATE TABLE log_open (
  organization_id text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  log_id          text COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_id, file_id, log_id)
);
-- Logs that wait for the indexer:
CREATE TABLE log_unsearched (
  organization_id text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  number          bigint GENERATED ALWAYS AS IDENTITY,
  -- At most 200.
  log_ids         text[] COLLATE "C" NOT NULL,
  PRIMARY KEY (organization_id, file_id, number)
);
CREATE INDEX log_unsearched_next ON log_unsearched (number);

-- How many logs a version has, how many it ever had, and when it was last used. Logs in log_feed
-- are not included.
ALTER TABLE log_count ADD COLUMN logs_made bigint, ADD COLUMN last_used_at timestamptz;

WITH taken AS (DELETE FROM log_intake RETURNING *),
found AS (
  SELECT l.organization_id, l.file_id, l.id, l.log_status IS DISTINCT FROM 'incomplete' AS is_complete
  FROM (SELECT DISTINCT organization_id, unnest(log_ids) AS id FROM taken) t
  JOIN log l ON l.organization_id = t.organization_id AND l.id = t.id),
open AS (
  INSERT INTO log_open (organization_id, file_id, log_id)
  SELECT organization_id, file_id, id FROM found WHERE NOT is_complete),
queued AS (
  INSERT INTO log_unsearched (organization_id, file_id, log_ids)
  SELECT organization_id, file_id, array_agg(id)
  FROM (SELECT *, (row_number() OVER () - 1) / 200 AS part FROM found WHERE is_complete) numbered
  GROUP BY organization_id, file_id, part)
INSERT INTO log_count (organization_id, file_id, version_id, logs_count)
SELECT organization_id, file_id, version_id, sum(made) FROM taken
GROUP BY organization_id, file_id, version_id
ON CONFLICT (organization_id, file_id, version_id)
  DO UPDATE SET logs_count = log_count.logs_count + excluded.logs_count;

-- Logs that were opened again after they had been indexed.
INSERT INTO log_open (organization_id, file_id, log_id)
SELECT l.organization_id, l.file_id, l.id
FROM log_search s JOIN log l ON l.organization_id = s.organization_id AND l.id = s.log_id
WHERE l.log_status = 'incomplete' ON CONFLICT DO NOTHING;

-- Add versions whose logs had all been deleted before they were counted.
INSERT INTO log_count (organization_id, file_id, version_id, logs_count)
SELECT organization_id, file_id, version_id, 0 FROM version_usage ON CONFLICT DO NOTHING;

UPDATE log_count c SET logs_made = greatest(c.logs_count, u.logs_count), last_used_at = u.last_used_at
FROM version_usage u WHERE u.organization_id = c.organization_id AND u.file_id = c.file_id
  AND u.version_id = c.version_id;
-- Fill in versions for which no server had written the usage yet.
UPDATE log_count c SET logs_made = c.logs_count, last_used_at = coalesce(
  (SELECT max(created_at) FROM log l
    WHERE l.organization_id = c.organization_id AND l.version_id = c.version_id), now())
WHERE logs_made IS NULL;

ALTER TABLE log_count ALTER COLUMN logs_made SET NOT NULL, ALTER COLUMN last_used_at SET NOT NULL;
