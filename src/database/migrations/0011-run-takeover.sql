-- What another process needs in order to take over a run.
ALTER TABLE run
  -- How to call the model (retries, timeout and so on), and the vendors for which the call brought
  -- its own keys.
  ADD COLUMN options        jsonb NOT NULL DEFAULT '{}',
  -- The run whose tool call this run answers; null when a client called it.
  ADD COLUMN parent_log_id  text COLLATE "C",
  -- How often the run was taken over since its last step. A run that ends every process that drives
  -- it is given up.
  ADD COLUMN takeovers      integer NOT NULL DEFAULT 0;

CREATE INDEX run_parent ON run (organization_id, parent_log_id) WHERE parent_log_id IS NOT NULL;

-- The events of runs, so that a stream can be repeated; each row holds events with consecutive
-- numbers. No foreign key to the log: every writer holds the run's row, deleting the log deletes
-- the events too, and a key would look up the log once more at each step.
CREATE TABLE run_event (
  organization_id  text COLLATE "C" NOT NULL,
  log_id           text COLLATE "C" NOT NULL,
  -- The number of the first event in `events`; the others follow without a gap.
  number           integer NOT NULL,
  events           json NOT NULL,
  written_at       timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, log_id, number)
);

-- Finds the events that are old enough to be deleted. BRIN is enough, because rows are in the order
-- of time.
CREATE INDEX run_event_written ON run_event USING brin (written_at);

UPDATE run SET parent_log_id = log.trace_parent_id FROM log
WHERE log.organization_id = run.organization_id AND log.id = run.log_id
  AND log.tool_call_id IS NOT NULL AND log.trace_parent_id IS NOT NULL;
