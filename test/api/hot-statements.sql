-- a log; a call of one turn; the same as a stream; a call with a result of a tool; a call that is suspended; a call of a linked prompt
/* hot */ SELECT
  f.id, f.type, f.path, f.name, f.directory_id AS "directoryId", f.description, f.tags, f.readme,
  f.created_at AS "createdAt", f.updated_at AS "updatedAt",
  v.id AS "versionId", v.spec, v.name AS "versionName", v.description AS "versionDescription",
  v.created_at AS "versionCreatedAt", v.updated_at AS "versionUpdatedAt",
  (v.deleted_at IS NOT NULL OR f.deleted_at IS NOT NULL) AS "isDeleted",
  f.deleted_at IS NOT NULL AS "isFileDeleted",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = f.created_by) m) AS "createdBy",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = v.created_by) m) AS "versionCreatedBy",
  (SELECT json_agg(json_build_object('id', e.id, 'name', e.name, 'tag', e.tag,
      'created_at', to_char(e.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY e.id)
    FROM deployment d JOIN environment e
      ON e.organization_id = d.organization_id AND e.id = d.environment_id
    WHERE d.organization_id = f.organization_id AND d.file_id = f.id
      AND d.version_id = v.id) AS environments,
  coalesce(u.of_version, 0) AS "versionLogsCount", coalesce(u.of_file, 0) AS "totalLogsCount",
  u.last_used_at AS "lastUsedAt" FROM file f JOIN version v ON v.organization_id = $1 AND v.file_id = f.id
    AND v.fingerprint = $3 AND v.deleted_at IS NULL
  CROSS JOIN LATERAL (
    SELECT sum(logs_made)::bigint AS of_file,
      (sum(logs_made) FILTER (WHERE version_id = v.id))::bigint AS of_version,
      max(last_used_at) AS last_used_at
    FROM log_count WHERE organization_id = f.organization_id AND file_id = f.id) u
    WHERE f.organization_id = $1 AND f.path = $2 AND f.deleted_at IS NULL;

-- a log; a call with a result of a tool; a call that is suspended; a call of a linked prompt
/* hot */ SELECT
  f.id, f.type, f.path, f.name, f.directory_id AS "directoryId", f.description, f.tags, f.readme,
  f.created_at AS "createdAt", f.updated_at AS "updatedAt",
  v.id AS "versionId", v.spec, v.name AS "versionName", v.description AS "versionDescription",
  v.created_at AS "versionCreatedAt", v.updated_at AS "versionUpdatedAt",
  (v.deleted_at IS NOT NULL OR f.deleted_at IS NOT NULL) AS "isDeleted",
  f.deleted_at IS NOT NULL AS "isFileDeleted",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = f.created_by) m) AS "createdBy",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = v.created_by) m) AS "versionCreatedBy",
  (SELECT json_agg(json_build_object('id', e.id, 'name', e.name, 'tag', e.tag,
      'created_at', to_char(e.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY e.id)
    FROM deployment d JOIN environment e
      ON e.organization_id = d.organization_id AND e.id = d.environment_id
    WHERE d.organization_id = f.organization_id AND d.file_id = f.id
      AND d.version_id = v.id) AS environments,
  coalesce(u.of_version, 0) AS "versionLogsCount", coalesce(u.of_file, 0) AS "totalLogsCount",
  u.last_used_at AS "lastUsedAt" FROM file f JOIN version v ON v.organization_id = $1 AND v.file_id = f.id AND v.id = $3
    AND v.deleted_at IS NULL
  CROSS JOIN LATERAL (
    SELECT sum(logs_made)::bigint AS of_file,
      (sum(logs_made) FILTER (WHERE version_id = v.id))::bigint AS of_version,
      max(last_used_at) AS last_used_at
    FROM log_count WHERE organization_id = f.organization_id AND file_id = f.id) u
    WHERE f.organization_id = $1 AND f.id = $2 AND f.deleted_at IS NULL;

-- a log
/* hot */ INSERT INTO log (organization_id, "id", "type", "file_id", "version_id", "trace_id", "trace_parent_id", "trace_flow_id", "tool_call_id", "created_at", "start_time", "end_time", "provider_latency", "log_status", "ended_as", "environment", "user", "source", "source_datapoint_id", "save", "request_fingerprint", "api_key_id", "prompt_tokens", "reasoning_tokens", "output_tokens", "prompt_cost", "output_cost", "finish_reason", "inputs", "messages", "messages_replaced", "tool_choice", "output", "output_message", "error", "stdout", "metadata", "provider_request", "provider_response", "parent_id", "judgment", "marked_completed", "forked_from_id", "forked_from_turn") SELECT $1, "id", "type", "file_id", "version_id", "trace_id", "trace_parent_id", "trace_flow_id", "tool_call_id", "created_at", "start_time", "end_time", "provider_latency", "log_status", "ended_as", "environment", "user", "source", "source_datapoint_id", "save", "request_fingerprint", "api_key_id", "prompt_tokens", "reasoning_tokens", "output_tokens", "prompt_cost", "output_cost", "finish_reason", "inputs", "messages", "messages_replaced", "tool_choice", "output", "output_message", "error", "stdout", "metadata", "provider_request", "provider_response", "parent_id", "judgment", "marked_completed", "forked_from_id", "forked_from_turn"
  FROM json_populate_recordset(NULL::log, $2::json);

-- once a second
/* hot */ SELECT provider, sealed_key AS "sealedKey", endpoint
  FROM provider_key WHERE organization_id = $1;

-- a call of one turn; the same as a stream; a call with a result of a tool; a call that is suspended; a call of a linked prompt
/* hot */ WITH opened AS (
      INSERT INTO log (organization_id, "id", "type", "file_id", "version_id", "trace_id", "trace_parent_id", "trace_flow_id", "tool_call_id", "created_at", "start_time", "end_time", "provider_latency", "log_status", "ended_as", "environment", "user", "source", "source_datapoint_id", "save", "request_fingerprint", "api_key_id", "prompt_tokens", "reasoning_tokens", "output_tokens", "prompt_cost", "output_cost", "finish_reason", "inputs", "messages", "messages_replaced", "tool_choice", "output", "output_message", "error", "stdout", "metadata", "provider_request", "provider_response", "parent_id", "judgment", "marked_completed", "forked_from_id", "forked_from_turn") SELECT $1, "id", "type", "file_id", "version_id", "trace_id", "trace_parent_id", "trace_flow_id", "tool_call_id", "created_at", "start_time", "end_time", "provider_latency", "log_status", "ended_as", "environment", "user", "source", "source_datapoint_id", "save", "request_fingerprint", "api_key_id", "prompt_tokens", "reasoning_tokens", "output_tokens", "prompt_cost", "output_cost", "finish_reason", "inputs", "messages", "messages_replaced", "tool_choice", "output", "output_message", "error", "stdout", "metadata", "provider_request", "provider_response", "parent_id", "judgment", "marked_completed", "forked_from_id", "forked_from_turn"
  FROM json_populate_recordset(NULL::log, $2::json)
      RETURNING organization_id, id),
    begun AS (
      INSERT INTO run (organization_id, log_id, state, lease_owner, lease_expires_at, keep_open,
        options, parent_log_id, event_count)
      SELECT opened.organization_id, opened.id, 'running', $3,
        now() + make_interval(secs => $4), given.keep_open, given.options,
        given.parent_log_id, given.event_count
      FROM opened JOIN json_to_recordset($5::json) AS given (
        log_id text, keep_open boolean, options jsonb, parent_log_id text, event_count integer)
        ON given.log_id = opened.id
      RETURNING log_id) SELECT FROM begun;

-- a call of one turn; the same as a stream; a call with a result of a tool; a call that is suspended; its continue; a call of a linked prompt
/* hot */ WITH given AS MATERIALIZED (
    SELECT $1::text AS organization_id, step.* FROM json_to_recordset($2::json) AS step (
      log_id text, token bigint, iterations integer, event_count integer,
      events json, is_suspended boolean, sealed text, turn json, closing json)
    WHERE token BETWEEN 1 AND 9007199254740991),
  suspended AS (
    UPDATE run SET state = 'suspended', iterations = given.iterations,
      event_count = given.event_count, lease_owner = NULL, lease_expires_at = NULL,
      sealed_conversation = decode(given.sealed, 'base64'), suspended_at = now(), takeovers = 0
    FROM given WHERE run.organization_id = given.organization_id AND run.log_id = given.log_id
  AND run.lease_token = given.token AND run.state = 'running' AND given.is_suspended RETURNING given.*),
  ended AS (DELETE FROM run USING given WHERE run.organization_id = given.organization_id AND run.log_id = given.log_id
  AND run.lease_token = given.token AND run.state = 'running' AND NOT given.is_suspended RETURNING given.*),
  held AS (TABLE suspended UNION ALL TABLE ended),
  told AS (
    INSERT INTO run_event (organization_id, log_id, number, events)
    SELECT held.organization_id, held.log_id, chunk.number, chunk.events
    FROM held AS held, json_to_recordset(held.events) AS chunk (number integer, events json)
    ON CONFLICT (organization_id, log_id, number) DO UPDATE SET events = excluded.events),
  last_turn AS (
    INSERT INTO turn (organization_id, log_id, number, started_at, first_token_at, ended_at, provider, model, finish_reason, error, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, prompt_cost, output_cost, price_table, message, parts, results, continuation, provider_request, shared_messages, provider_response)
    SELECT held.organization_id, held.log_id, given_turn.number, given_turn.started_at, given_turn.first_token_at, given_turn.ended_at, given_turn.provider, given_turn.model, given_turn.finish_reason, given_turn.error, given_turn.input_tokens, given_turn.cache_read_tokens, given_turn.cache_write_tokens, given_turn.output_tokens, given_turn.reasoning_tokens, given_turn.prompt_cost, given_turn.output_cost, given_turn.price_table, given_turn.message, given_turn.parts, given_turn.results, given_turn.continuation, given_turn.provider_request, given_turn.shared_messages, given_turn.provider_response
    FROM held, json_populate_record(NULL::turn, held.turn) AS given_turn
    WHERE held.turn IS NOT NULL),
  closed AS (
    UPDATE log SET log_status = outcome.log_status, ended_as = outcome.ended_as, end_time = outcome.end_time, provider_latency = outcome.provider_latency, prompt_tokens = outcome.prompt_tokens, reasoning_tokens = outcome.reasoning_tokens, output_tokens = outcome.output_tokens, prompt_cost = outcome.prompt_cost, output_cost = outcome.output_cost, finish_reason = outcome.finish_reason, output = outcome.output, output_message = outcome.output_message, error = outcome.error, stdout = outcome.stdout, provider_request = outcome.provider_request, provider_response = outcome.provider_response, metadata = outcome.metadata, judgment = outcome.judgment
    FROM held, json_populate_record(NULL::log, held.closing) AS outcome
    WHERE log.organization_id = held.organization_id AND log.id = held.log_id)
  SELECT log_id, token FROM held;

-- a call with a result of a tool; a call of a linked prompt
/* hot */ WITH given AS MATERIALIZED (
    SELECT $1::text AS organization_id, step.* FROM json_to_recordset($2::json) AS step (
      log_id text, token bigint, iterations integer, event_count integer,
      events json, turn json)
    WHERE token BETWEEN 1 AND 9007199254740991),
  held AS (
    UPDATE run SET iterations = given.iterations, event_count = given.event_count, takeovers = 0
    FROM given WHERE run.organization_id = given.organization_id AND run.log_id = given.log_id
  AND run.lease_token = given.token AND run.state = 'running' RETURNING given.*),
  told AS (
    INSERT INTO run_event (organization_id, log_id, number, events)
    SELECT held.organization_id, held.log_id, chunk.number, chunk.events
    FROM held AS held, json_to_recordset(held.events) AS chunk (number integer, events json)
    ON CONFLICT (organization_id, log_id, number) DO UPDATE SET events = excluded.events),
  written AS (
    INSERT INTO turn (organization_id, log_id, number, started_at, first_token_at, ended_at, provider, model, finish_reason, error, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, prompt_cost, output_cost, price_table, message, parts, results, continuation, provider_request, shared_messages, provider_response)
    SELECT held.organization_id, held.log_id, given_turn.number, given_turn.started_at, given_turn.first_token_at, given_turn.ended_at, given_turn.provider, given_turn.model, given_turn.finish_reason, given_turn.error, given_turn.input_tokens, given_turn.cache_read_tokens, given_turn.cache_write_tokens, given_turn.output_tokens, given_turn.reasoning_tokens, given_turn.prompt_cost, given_turn.output_cost, given_turn.price_table, given_turn.message, given_turn.parts, given_turn.results, given_turn.continuation, given_turn.provider_request, given_turn.shared_messages, given_turn.provider_response
    FROM held, json_populate_record(NULL::turn, held.turn) AS given_turn)
  SELECT log_id, token FROM held;

-- its continue; its events, read again; its log, read
/* hot */ SELECT * FROM log WHERE organization_id = $1 AND id = ANY($2);

-- its continue; its events, read again; its log, read
/* hot */ SELECT * FROM turn WHERE organization_id = $1 AND log_id = ANY($2) ORDER BY number;

-- its continue; its events, read again; its log, read
/* hot */ SELECT * FROM run WHERE organization_id = $1 AND log_id = ANY($2);

-- its continue; its events, read again; its log, read
/* hot */ SELECT
  f.id, f.type, f.path, f.name, f.directory_id AS "directoryId", f.description, f.tags, f.readme,
  f.created_at AS "createdAt", f.updated_at AS "updatedAt",
  v.id AS "versionId", v.spec, v.name AS "versionName", v.description AS "versionDescription",
  v.created_at AS "versionCreatedAt", v.updated_at AS "versionUpdatedAt",
  (v.deleted_at IS NOT NULL OR f.deleted_at IS NOT NULL) AS "isDeleted",
  f.deleted_at IS NOT NULL AS "isFileDeleted",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = f.created_by) m) AS "createdBy",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = v.created_by) m) AS "versionCreatedBy",
  (SELECT json_agg(json_build_object('id', e.id, 'name', e.name, 'tag', e.tag,
      'created_at', to_char(e.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY e.id)
    FROM deployment d JOIN environment e
      ON e.organization_id = d.organization_id AND e.id = d.environment_id
    WHERE d.organization_id = f.organization_id AND d.file_id = f.id
      AND d.version_id = v.id) AS environments,
  coalesce(u.of_version, 0) AS "versionLogsCount", coalesce(u.of_file, 0) AS "totalLogsCount",
  u.last_used_at AS "lastUsedAt" FROM version v
    JOIN file f ON f.organization_id = $1 AND f.id = v.file_id
  CROSS JOIN LATERAL (
    SELECT sum(logs_made)::bigint AS of_file,
      (sum(logs_made) FILTER (WHERE version_id = v.id))::bigint AS of_version,
      max(last_used_at) AS last_used_at
    FROM log_count WHERE organization_id = f.organization_id AND file_id = f.id) u
    WHERE v.organization_id = $1 AND v.id = ANY($2);

-- its continue
/* hot */ WITH claimed AS (
    UPDATE run SET state = 'running', lease_token = lease_token + 1, lease_owner = $4,
      lease_expires_at = now() + make_interval(secs => $5), event_count = event_count + 1,
      continue_fingerprint = $6, options = $7, takeovers = 0, sealed_conversation = NULL, suspended_at = NULL
    WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'suspended' AND NOT EXISTS (SELECT FROM run AS parent
        WHERE parent.organization_id = run.organization_id
          AND parent.log_id = run.parent_log_id AND parent.state = 'running')
    RETURNING organization_id, log_id, lease_token, event_count),
  told AS (
    INSERT INTO run_event (organization_id, log_id, number, events)
    SELECT organization_id, log_id, event_count, $8 FROM claimed WHERE $9),
  answered AS (
    UPDATE turn SET continuation = $11, continued_at = now(), continued_by = $12,
      continued_by_key = $13
    FROM claimed
    WHERE turn.organization_id = $1 AND turn.log_id = $2 AND turn.number = $10)
  SELECT lease_token AS token FROM claimed;

-- its events, read again
/* hot */ SELECT log_id, state, event_count FROM run
  WHERE organization_id = $1 AND log_id = ANY($2);

-- its events, read again
/* hot */ SELECT reader.n AS reader, chunk.number, chunk.events
  FROM unnest($2::text[], $3::integer[]) WITH ORDINALITY AS reader (log_id, after, n)
  CROSS JOIN LATERAL (
    SELECT number, events FROM run_event
    WHERE organization_id = $1 AND log_id = reader.log_id AND number >= coalesce((
      SELECT max(number) FROM run_event
      WHERE organization_id = $1 AND log_id = reader.log_id AND number <= reader.after + 1), 0)
    ORDER BY number LIMIT $4) AS chunk
  ORDER BY reader.n, chunk.number;

-- a call of a linked prompt
/* hot */ SELECT link.place,
  f.id, f.type, f.path, f.name, f.directory_id AS "directoryId", f.description, f.tags, f.readme,
  f.created_at AS "createdAt", f.updated_at AS "updatedAt",
  v.id AS "versionId", v.spec, v.name AS "versionName", v.description AS "versionDescription",
  v.created_at AS "versionCreatedAt", v.updated_at AS "versionUpdatedAt",
  (v.deleted_at IS NOT NULL OR f.deleted_at IS NOT NULL) AS "isDeleted",
  f.deleted_at IS NOT NULL AS "isFileDeleted",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = f.created_by) m) AS "createdBy",
  (SELECT to_json(m) FROM (SELECT id, email_address, full_name FROM member
    WHERE organization_id = f.organization_id AND id = v.created_by) m) AS "versionCreatedBy",
  (SELECT json_agg(json_build_object('id', e.id, 'name', e.name, 'tag', e.tag,
      'created_at', to_char(e.created_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ORDER BY e.id)
    FROM deployment d JOIN environment e
      ON e.organization_id = d.organization_id AND e.id = d.environment_id
    WHERE d.organization_id = f.organization_id AND d.file_id = f.id
      AND d.version_id = v.id) AS environments,
  coalesce(u.of_version, 0) AS "versionLogsCount", coalesce(u.of_file, 0) AS "totalLogsCount",
  u.last_used_at AS "lastUsedAt"
    FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY
      AS link (file_id, version_id, environment_id, place)
    JOIN file f ON f.organization_id = $1 AND f.id = link.file_id AND f.deleted_at IS NULL
    JOIN version v ON v.organization_id = $1 AND v.file_id = f.id AND v.deleted_at IS NULL
      AND v.id = coalesce(link.version_id, (
        SELECT version_id FROM deployment
        WHERE organization_id = $1 AND file_id = f.id AND environment_id = coalesce(
          link.environment_id,
          (SELECT id FROM environment WHERE organization_id = $1 AND tag = 'default'))))
  CROSS JOIN LATERAL (
    SELECT sum(logs_made)::bigint AS of_file,
      (sum(logs_made) FILTER (WHERE version_id = v.id))::bigint AS of_version,
      max(last_used_at) AS last_used_at
    FROM log_count WHERE organization_id = f.organization_id AND file_id = f.id) u;

-- a call of a linked prompt
/* hot */ WITH held AS (
    UPDATE run SET event_count = $4, takeovers = 0
    WHERE organization_id = $1 AND log_id = $2 AND lease_token = $3 AND state = 'running'
    RETURNING organization_id, log_id, $9::json AS events),
  told AS (
  INSERT INTO run_event (organization_id, log_id, number, events)
  SELECT held.organization_id, held.log_id, chunk.number, chunk.events
  FROM held AS held, json_to_recordset(held.events) AS chunk (number integer, events json)
  ON CONFLICT (organization_id, log_id, number) DO UPDATE SET events = excluded.events),
  child AS (
    INSERT INTO log (organization_id, "id", "type", "file_id", "version_id", "trace_id", "trace_parent_id", "trace_flow_id", "tool_call_id", "created_at", "start_time", "end_time", "provider_latency", "log_status", "ended_as", "environment", "user", "source", "source_datapoint_id", "save", "request_fingerprint", "api_key_id", "prompt_tokens", "reasoning_tokens", "output_tokens", "prompt_cost", "output_cost", "finish_reason", "inputs", "messages", "messages_replaced", "tool_choice", "output", "output_message", "error", "stdout", "metadata", "provider_request", "provider_response", "parent_id", "judgment", "marked_completed", "forked_from_id", "forked_from_turn")
    SELECT organization_id, "id", "type", "file_id", "version_id", "trace_id", "trace_parent_id", "trace_flow_id", "tool_call_id", "created_at", "start_time", "end_time", "provider_latency", "log_status", "ended_as", "environment", "user", "source", "source_datapoint_id", "save", "request_fingerprint", "api_key_id", "prompt_tokens", "reasoning_tokens", "output_tokens", "prompt_cost", "output_cost", "finish_reason", "inputs", "messages", "messages_replaced", "tool_choice", "output", "output_message", "error", "stdout", "metadata", "provider_request", "provider_response", "parent_id", "judgment", "marked_completed", "forked_from_id", "forked_from_turn" FROM json_populate_record(NULL::log, $7::json)
    WHERE $7::json IS NOT NULL AND EXISTS (SELECT FROM held)),
  child_turn AS (
    INSERT INTO turn (organization_id, log_id, number, started_at, first_token_at, ended_at, provider, model, finish_reason, error, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, prompt_cost, output_cost, price_table, message, parts, results, continuation, provider_request, shared_messages, provider_response)
    SELECT given_turn.organization_id, given_turn.log_id, given_turn.number, given_turn.started_at, given_turn.first_token_at, given_turn.ended_at, given_turn.provider, given_turn.model, given_turn.finish_reason, given_turn.error, given_turn.input_tokens, given_turn.cache_read_tokens, given_turn.cache_write_tokens, given_turn.output_tokens, given_turn.reasoning_tokens, given_turn.prompt_cost, given_turn.output_cost, given_turn.price_table, given_turn.message, given_turn.parts, given_turn.results, given_turn.continuation, given_turn.provider_request, given_turn.shared_messages, given_turn.provider_response
    FROM held, json_populate_record(NULL::turn, $8::json) AS given_turn
    WHERE $8::json IS NOT NULL)
  UPDATE turn SET results = results || $6::jsonb
  WHERE organization_id = $1 AND log_id = $2 AND number = $5 AND EXISTS (SELECT FROM held)
  RETURNING number;
