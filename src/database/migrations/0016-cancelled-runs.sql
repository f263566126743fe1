-- A cancel takes several steps: nested runs end first, then the run itself. When the server dies
-- between them, the process that takes over the run finishes the cancel.
ALTER TABLE run ADD COLUMN is_cancelled boolean NOT NULL DEFAULT false;
