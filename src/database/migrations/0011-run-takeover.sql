-- What another process needs to take a run over.
ALTER TABLE run
  -- How the call wants its model to be asked, and for which vendors it brought keys of its own.
  ADD COLUMN options        jsonb NOT NULL DEFAULT '{}',
  -- The run whose tool call this one answers; null for one that was called by a client.
  ADD COLUMN parent_log_id  text COLLATE "C",
  -- How often it was taken over since its last step: what ends every process that drives it is given up.
  ADD COLUMN takeovers      integer NOT NULL DEFAULT 0;

CREATE INDEX run_parent ON run (organization_id, parent_log_id) WHERE parent_log_id IS NOT NULL;

-- The streams of runs: what is needed to tell each event again, in runs of consecutive numbers. Every
-- writer holds the run, and who deletes the log deletes them with it: a foreign key would look the log
-- up once more at each step.
CREATE TABLE run_event (
  organization_id  text COLLATE "C" NOT NULL,
  log_id           text COLLATE "C" NOT NULL,
  -- Of the first event in `events`; the others follow without a gap.
  number           integer NOT NULL,
  events           json NOT NULL,
  written_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, log_id, number)
);

-- For what is old enough to go. Rows come in order of time, so a few blocks say where.
CREATE INDEX run_event_written ON run_event USING brin (written_at);

UPDATE run SET parent_log_id = log.trace_parent_id FROM log
WHERE log.organization_id = run.organization_id AND log.id = run.log_id
  AND log.tool_call_id IS NOT NULL AND log.trace_parent_id IS NOT NULL;
