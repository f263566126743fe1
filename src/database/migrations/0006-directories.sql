-- A deleted file keeps its row, because its logs need it, but leaves its directory, so that the
-- directory can be deleted too.
ALTER TABLE file
  ALTER COLUMN directory_id DROP NOT NULL,
  ADD CONSTRAINT file_directory_check CHECK (directory_id IS NOT NULL OR deleted_at IS NOT NULL);

-- Lists the directories in a directory.
CREATE INDEX directory_children ON directory (organization_id, parent_id);
CREATE INDEX file_directory ON file (organization_id, directory_id);
-- Lists the files of all kinds, newest first.
CREATE INDEX file_created ON file (organization_id, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;
-- Lists the files that are deployed to an environment.
CREATE INDEX deployment_environment ON deployment (organization_id, environment_id, file_id);
