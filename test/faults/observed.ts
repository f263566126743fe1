import type { Database } from '../../src/database/database.ts';

/**
 * Makes Postgres record each step as it is written, so that a step that was undone or repeated is
 * seen even when its row looks right in the end. Rows of `observed` are only added.
 */
const observing = `
CREATE SCHEMA observed;

CREATE TABLE observed.turn (
  log_id text NOT NULL, number integer NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE observed.result (
  log_id text NOT NULL, number integer NOT NULL, tool_call_id text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE observed.lease (
  log_id text NOT NULL, state text NOT NULL, token bigint NOT NULL, owner text,
  role text NOT NULL DEFAULT session_user, at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE observed.status (
  log_id text NOT NULL, root_id text NOT NULL, status text, at timestamptz NOT NULL DEFAULT clock_timestamp());

CREATE FUNCTION observed.note_turn() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO observed.turn (log_id, number) VALUES (NEW.log_id, NEW.number);
  END IF;
  INSERT INTO observed.result (log_id, number, tool_call_id)
    SELECT NEW.log_id, NEW.number, result ->> 'tool_call_id'
    FROM jsonb_array_elements(NEW.results) WITH ORDINALITY AS given (result, place)
    WHERE TG_OP = 'INSERT' OR place > jsonb_array_length(OLD.results);
  RETURN NULL;
END $$;
CREATE TRIGGER note AFTER INSERT OR UPDATE OF results ON turn
  FOR EACH ROW EXECUTE FUNCTION observed.note_turn();

CREATE FUNCTION observed.note_lease() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO observed.lease (log_id, state, token, owner)
      VALUES (OLD.log_id, 'ended', OLD.lease_token, OLD.lease_owner);
  ELSE
    INSERT INTO observed.lease (log_id, state, token, owner)
      VALUES (NEW.log_id, NEW.state, NEW.lease_token, NEW.lease_owner);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER note_first AFTER INSERT OR DELETE ON run
  FOR EACH ROW EXECUTE FUNCTION observed.note_lease();
CREATE TRIGGER note_next AFTER UPDATE ON run FOR EACH ROW
  WHEN (OLD.lease_token <> NEW.lease_token OR OLD.state <> NEW.state)
  EXECUTE FUNCTION observed.note_lease();

CREATE FUNCTION observed.note_status() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO observed.status (log_id, root_id, status)
    VALUES (NEW.id, coalesce(NEW.trace_id, NEW.id), NEW.log_status);
  RETURN NULL;
END $$;
CREATE TRIGGER note_first AFTER INSERT ON log
  FOR EACH ROW EXECUTE FUNCTION observed.note_status();
CREATE TRIGGER note_next AFTER UPDATE ON log FOR EACH ROW
  WHEN (OLD.log_status IS DISTINCT FROM NEW.log_status)
  EXECUTE FUNCTION observed.note_status();
`;

/** Starts recording the steps in a migrated database. */
export async function observe({ pool }: Database): Promise<void> {
  await pool.query(observing);
}
