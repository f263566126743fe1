-- How earlier runs ended, where the server ended them: their logs have its texts.
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

ALTER TABLE log VALIDATE CONSTRAINT log_ended_as_check;
