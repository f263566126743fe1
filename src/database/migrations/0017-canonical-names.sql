-- From now on, paths are stored and compared in one form: composed (NFC), every blank a plain
-- space, no blanks around a name. See src/files/path.ts. Existing paths are changed to this form,
-- so that they are found. When two names in a directory become equal, the one that already had the
-- form keeps its name, else the older one; the other gets its id appended. Deleted files are not
-- changed.
DO $do$
BEGIN
  -- Postgres can normalize only in this encoding; the others have nothing to compose.
  IF getdatabaseencoding() <> 'UTF8' THEN RETURN; END IF;

  WITH RECURSIVE named AS (
    SELECT d.*, btrim(regexp_replace(normalize(name, NFC),
      '[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]', ' ', 'g')) AS form
    FROM directory d
  ), ranked AS (
    SELECT named.*, CASE row_number() OVER (PARTITION BY organization_id, parent_id, form
      ORDER BY name = form DESC, id) WHEN 1 THEN form ELSE form || ' (' || id || ')' END AS new_name
    FROM named
  ), placed AS (
    SELECT organization_id, id, name COLLATE "C" AS new_name, path COLLATE "C" AS new_path FROM ranked
    WHERE parent_id IS NULL
    UNION ALL
    SELECT r.organization_id, r.id, r.new_name,
      CASE WHEN p.new_path = '' THEN '' ELSE p.new_path || '/' END || r.new_name
    FROM placed p JOIN ranked r ON r.organization_id = p.organization_id AND r.parent_id = p.id
  )
  UPDATE directory d SET name = p.new_name, path = p.new_path FROM placed p
  WHERE d.organization_id = p.organization_id AND d.id = p.id AND d.path <> p.new_path;

  WITH named AS (
    SELECT f.*, btrim(regexp_replace(normalize(name, NFC),
      '[\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]', ' ', 'g')) AS form
    FROM file f WHERE deleted_at IS NULL
  ), ranked AS (
    SELECT named.*, CASE row_number() OVER (PARTITION BY organization_id, directory_id, form
      ORDER BY name = form DESC, id) WHEN 1 THEN form ELSE form || ' (' || id || ')' END AS new_name
    FROM named
  ), placed AS (
    SELECT r.organization_id, r.id, r.new_name,
      CASE WHEN d.path = '' THEN '' ELSE d.path || '/' END || r.new_name AS new_path
    FROM ranked r
    JOIN directory d ON d.organization_id = r.organization_id AND d.id = r.directory_id
  )
  UPDATE file f SET name = p.new_name, path = p.new_path FROM placed p
  WHERE f.organization_id = p.organization_id AND f.id = p.id AND f.path <> p.new_path;
EXCEPTION
  -- The migration must not fail, or the server could not start. A path that is left unchanged can
  -- still be found by its id, and moved.
  WHEN unique_violation OR program_limit_exceeded THEN
    RAISE WARNING 'Names were left as they are: %', SQLERRM;
END
$do$;
