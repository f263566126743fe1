-- How the run of a log ended. The `error` of a log is a text for people, and no code reads it. Null
-- until the run has ended, and for a log without a run. Logs of earlier runs follow in 0021, which
-- does not keep others from the table.
ALTER TABLE log ADD COLUMN ended_as text;
ALTER TABLE log ADD CONSTRAINT log_ended_as_check CHECK (ended_as IN (
  'finished', 'failed', 'cancelled', 'timed_out', 'given_up', 'interrupted', 'not_resumable', 'broken',
  'closed', 'expired', 'superseded')) NOT VALID;
