-- The member who deployed a version. Null for the server, and for deployments from before.
ALTER TABLE deployment ADD COLUMN deployed_by text COLLATE "C";
