-- How the run of a log ended. The `error` of a log is a text for people, and no code reads it. Null
-- until the run has ended, and for a log without a run.
ALTER TABLE log ADD COLUMN ended_as text CHECK (ended_as IN (
  'finished', 'failed', 'cancelled', 'timed_out', 'given_up', 'interrupted', 'not_resumable', 'broken',
  'closed', 'expired', 'superseded'));

-- Of runs that have ended, find those that the server ended by their texts.
UPDATE log SET ended_as = CASE
    WHEN error = 'cancelled' THEN 'cancelled'
    WHEN error = 'The run broke by a fault of the server.' THEN 'broken'
    WHEN error LIKE 'The server that drove the run is gone, and with %' THEN 'not_resumable'
    WHEN error LIKE 'The run was ended: it took longer than % s.' THEN 'timed_out'
    WHEN error LIKE 'The run was given up: % servers in a row stopped %' THEN 'given_up'
    WHEN error LIKE 'The run was interrupted: the server that drove it is gone, %' THEN 'interrupted'
  END
WHERE type IN ('agent', 'prompt', 'tool')
  AND (error = 'cancelled' OR error LIKE 'The run %' OR error LIKE 'The server that drove %')
  AND NOT EXISTS (SELECT FROM run
    WHERE run.organization_id = log.organization_id AND run.log_id = log.id);
