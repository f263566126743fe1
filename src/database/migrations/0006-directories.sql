-- A deleted file keeps its row, for its logs, but not its directory: that can be deleted, too.
ALTER TABLE file
  ALTER COLUMN directory_id DROP NOT NULL,
  ADD CONSTRAINT file_directory_check CHECK (directory_id IS NOT NULL OR deleted_at IS NOT NULL);

-- What is in a directory.
CREATE INDEX directory_children ON directory (organization_id, parent_id);
CREATE INDEX file_directory ON file (organization_id, directory_id);
-- A list of files of all kinds, in its usual order.
CREATE INDEX file_created ON file (organization_id, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;
-- The files of an environment.
CREATE INDEX deployment_environment ON deployment (organization_id, environment_id, file_id);
