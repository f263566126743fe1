-- Logs of all kinds, the turns of an agent's log, and the runs under way. Payloads are json, not
-- jsonb: json keeps the order of keys, which models read, and costs less to write. Columns that are
-- searched by key (metadata) or appended to (results) are jsonb.

CREATE TABLE log (
  organization_id     text COLLATE "C" NOT NULL,
  id                  text COLLATE "C" NOT NULL,
  type                text NOT NULL,
  file_id             text COLLATE "C" NOT NULL,
  version_id          text COLLATE "C" NOT NULL,

  -- The root of the trace that this log belongs to; a root has its own id here.
  trace_id            text COLLATE "C",
  trace_parent_id     text COLLATE "C",
  trace_flow_id       text COLLATE "C",
  -- The tool call, made by the parent log's model, that this log answers.
  tool_call_id        text,

  created_at          timestamptz NOT NULL,
  start_time          timestamptz,
  end_time            timestamptz,
  -- Seconds.
  provider_latency    double precision,
  -- Null: the log was sent without a status.
  log_status          text CHECK (log_status IN ('complete', 'incomplete')),
  environment         text,
  "user"              text,
  source              text,
  source_datapoint_id text,
  -- False: the payloads were not to be stored.
  save                boolean NOT NULL,
  -- The fingerprint of the request, when the client chose the id: it tells a repeated request from
  -- a clash of ids.
  request_fingerprint text COLLATE "C",

  prompt_tokens       integer,
  reasoning_tokens    integer,
  output_tokens       integer,
  -- US dollars; null when unknown, never 0 for that.
  prompt_cost         double precision,
  output_cost         double precision,
  finish_reason       text,

  -- Payloads. In an agent's log, `messages` holds those of the request; its turns hold the rest.
  inputs              json,
  messages            json,
  -- True: `messages` were replaced through the API, and are the whole conversation.
  messages_replaced   boolean NOT NULL DEFAULT false,
  tool_choice         json,
  output              text,
  output_message      json,
  error               text,
  stdout              text,
  metadata            jsonb,
  provider_request    json,
  provider_response   json,

  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, file_id) REFERENCES file,
  FOREIGN KEY (organization_id, version_id) REFERENCES version,
  FOREIGN KEY (organization_id, trace_parent_id) REFERENCES log ON DELETE CASCADE
);

CREATE INDEX log_list ON log (organization_id, file_id, created_at DESC, id DESC);
CREATE INDEX log_trace ON log (organization_id, trace_id, id) WHERE trace_parent_id IS NOT NULL;
CREATE INDEX log_children ON log (organization_id, trace_parent_id, id)
  WHERE trace_parent_id IS NOT NULL;

-- One model call of an agent's log, and the results of its tool calls. Appending a turn writes that
-- turn, never the conversation before it.
CREATE TABLE turn (
  organization_id    text COLLATE "C" NOT NULL,
  log_id             text COLLATE "C" NOT NULL,
  -- Counts from 1, across continues.
  number             integer NOT NULL,
  started_at         timestamptz NOT NULL,
  first_token_at     timestamptz,
  ended_at           timestamptz NOT NULL,
  finish_reason      text,

  -- Disjoint counts of tokens, except that reasoning tokens are part of the output; null is
  -- unknown.
  input_tokens       integer,
  cache_read_tokens  integer,
  cache_write_tokens integer,
  output_tokens      integer,
  reasoning_tokens   integer,

  -- The model's answer; null when payloads are not stored.
  message            json,
  -- The vendor's own message parts, when they hold more than the message: signatures, order.
  parts              json,
  -- Tool messages for the calls that the server answered, in the order in which they finished.
  results            jsonb NOT NULL DEFAULT '[]',
  -- The messages with which the client continued after this turn.
  continuation       json,

  -- The request to the vendor, without the first `shared_messages` of its messages: those are the
  -- same as in the turn before.
  provider_request   json,
  shared_messages    integer NOT NULL DEFAULT 0,
  provider_response  json,

  PRIMARY KEY (organization_id, log_id, number),
  FOREIGN KEY (organization_id, log_id) REFERENCES log ON DELETE CASCADE
);

-- An agent's run that has not ended. The process that holds the lease drives it. Every write of a
-- step names the lease's token, so that a process that lost the lease writes nothing.
CREATE TABLE run (
  organization_id      text COLLATE "C" NOT NULL,
  log_id               text COLLATE "C" NOT NULL,
  state                text NOT NULL CHECK (state IN ('running', 'suspended', 'interrupted')),
  -- The process that drives the run; null when none does.
  lease_owner          text COLLATE "C",
  lease_token          bigint NOT NULL DEFAULT 1,
  lease_expires_at     timestamptz,
  -- Model calls so far.
  iterations           integer NOT NULL DEFAULT 0,
  -- The number of events so far, which is also the number of the last event.
  event_count          integer NOT NULL DEFAULT 0,
  -- The fingerprint of the last continue's body: a continue with an equal body joins its stream.
  continue_fingerprint text COLLATE "C",
  -- The conversation, encrypted, of a run that waits for its client and whose payloads are not
  -- stored.
  sealed_conversation  bytea,
  suspended_at         timestamptz,
  -- True when the request said `log_status: incomplete`: the log stays incomplete after the run
  -- ends.
  keep_open            boolean NOT NULL DEFAULT false,
  PRIMARY KEY (organization_id, log_id),
  FOREIGN KEY (organization_id, log_id) REFERENCES log ON DELETE CASCADE
) WITH (fillfactor = 70);

-- Runs whose lease may have expired. The index has a condition that the writes of a step do not
-- have: without statistics, the planner would use this index for those writes, and read every run.
CREATE INDEX run_expired ON run (lease_expires_at) WHERE lease_expires_at IS NOT NULL;
CREATE INDEX run_sealed ON run (suspended_at) WHERE sealed_conversation IS NOT NULL;
