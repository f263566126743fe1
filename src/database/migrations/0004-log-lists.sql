-- Tables and indexes for lists, counts and the search of logs. See docs/decisions/0006.

-- A list reads only this index, from its end, so the index also includes the columns that tell
-- nested logs apart. Ascending order, because new logs then come last and pages stay full; a
-- descending index is twice as large.
DROP INDEX log_list;
CREATE INDEX log_list ON log (organization_id, file_id, created_at, id) INCLUDE (trace_parent_id);
CREATE INDEX log_version_list ON log (organization_id, version_id, created_at, id)
  INCLUDE (trace_parent_id);
CREATE INDEX log_child_list ON log (organization_id, file_id, created_at, id)
  WHERE trace_parent_id IS NOT NULL;

-- How many logs each version has, without those that are still counted in log_intake.
CREATE TABLE log_count (
  organization_id text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  version_id      text COLLATE "C" NOT NULL,
  logs_count      bigint NOT NULL,
  PRIMARY KEY (organization_id, file_id, version_id)
);

-- New logs and changes that are not yet part of log_count and log_search. Writers only add rows, so
-- that they do not wait for each other; about every second the rows are moved.
CREATE TABLE log_intake (
  organization_id text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  number          bigint GENERATED ALWAYS AS IDENTITY,
  version_id      text COLLATE "C" NOT NULL,
  -- The number of logs made, less the logs deleted.
  made            integer NOT NULL DEFAULT 0,
  -- Logs whose text must be read again: until then, their rows in log_search are ignored.
  log_ids         text[] COLLATE "C" NOT NULL DEFAULT '{}',
  -- Do not move the row earlier. An incomplete log waits, because its text will still change.
  look_at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, file_id, number)
);
CREATE INDEX log_intake_due ON log_intake (look_at);

-- The text of logs in lower case, for the search.
CREATE TABLE log_search (
  organization_id text COLLATE "C" NOT NULL,
  log_id          text COLLATE "C" NOT NULL,
  file_id         text COLLATE "C" NOT NULL,
  -- The inputs as JSON, followed by the output.
  said            text NOT NULL,
  metadata        text,
  PRIMARY KEY (organization_id, log_id),
  FOREIGN KEY (organization_id, log_id) REFERENCES log ON DELETE CASCADE
);

-- Lower case for every language. The default collation of a database may only know the letters of
-- ASCII.
DO $do$
DECLARE
  known text;
BEGIN
  SELECT quote_ident(collname) INTO known FROM pg_collation
  WHERE collnamespace = 'pg_catalog'::regnamespace
    AND collname IN ('pg_c_utf8', 'und-x-icu', 'C.utf8')
    AND collencoding IN (-1, (SELECT encoding FROM pg_database WHERE datname = current_database()))
  ORDER BY array_position(ARRAY['pg_c_utf8', 'und-x-icu', 'C.utf8'], collname::text) LIMIT 1;
  EXECUTE format(
    'CREATE FUNCTION folded(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS ''SELECT lower($1%s)''',
    coalesce(' COLLATE ' || known, '')
  );
END
$do$;

-- Trigrams find a part of a text among millions. They need an extension that comes with Postgres,
-- and that the owner of a database may create. Where that is refused, a search reads every log of
-- the file.
DO $do$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  CREATE INDEX log_search_text ON log_search USING gin (said gin_trgm_ops, metadata gin_trgm_ops)
    WITH (gin_pending_list_limit = 1024);
EXCEPTION
  WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
    RAISE NOTICE 'Text search will be slow: the extension pg_trgm is not to be had.';
END
$do$;

-- In batches of 200 logs, so that moving one batch is quick.
CREATE FUNCTION take_in_made_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log_intake (organization_id, file_id, version_id, made, log_ids)
  SELECT organization_id, file_id, version_id, count(*), array_agg(id)
  FROM (SELECT *, (row_number() OVER () - 1) / 200 AS part FROM made) numbered
  GROUP BY organization_id, file_id, version_id, part;
  RETURN NULL;
END
$$;

CREATE FUNCTION take_in_deleted_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log_intake (organization_id, file_id, version_id, made)
  SELECT organization_id, file_id, version_id, -count(*) FROM deleted
  GROUP BY organization_id, file_id, version_id;
  RETURN NULL;
END
$$;

CREATE TRIGGER take_in_made AFTER INSERT ON log REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION take_in_made_logs();
CREATE TRIGGER take_in_deleted AFTER DELETE ON log REFERENCING OLD TABLE AS deleted
  FOR EACH STATEMENT EXECUTE FUNCTION take_in_deleted_logs();

INSERT INTO log_intake (organization_id, file_id, version_id, made, log_ids)
SELECT organization_id, file_id, version_id, count(*), array_agg(id)
FROM (SELECT organization_id, file_id, version_id, id, (row_number() OVER () - 1) / 200 AS part
  FROM log) numbered
GROUP BY organization_id, file_id, version_id, part;
