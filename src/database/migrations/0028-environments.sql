-- Environments that people make. Their names are told apart without regard to case.

ALTER TABLE environment
  -- Who deploys to it: those who may write, or admins alone.
  ADD COLUMN deployers text NOT NULL DEFAULT 'editors' CHECK (deployers IN ('editors', 'admins'));

CREATE UNIQUE INDEX environment_any_case_key ON environment (organization_id, lower(name));
