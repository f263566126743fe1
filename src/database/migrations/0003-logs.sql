-- Logs of all kinds, the turns of an agent's log, and the runs under way.
--
-- Payloads are json, not jsonb: it keeps the order of keys, which models read, and costs less to
-- write. What is searched by key (metadata) or appended to (results) is jsonb.

CREATE TABLE log (
  organization_id     text COLLATE "C" NOT NULL,
  id                  text COLLATE "C" NOT NULL,
  type                text NOT NULL,
  file_id             text COLLATE "C" NOT NULL,
  version_id          text COLLATE "C" NOT NULL,

  -- The root of the tree of logs that this one belongs to; its own id for a root.
  trace_id            text COLLATE "C",
  trace_parent_id     text COLLATE "C",
  trace_flow_id       text COLLATE "C",
  -- The call of its parent's model that this log answers.
  tool_call_id        text,

  created_at          timestamptz NOT NULL,
  start_time          timestamptz,
  end_time            timestamptz,
  -- Seconds.
  provider_latency    double precision,
  -- Null: logged without one.
  log_status          text CHECK (log_status IN ('complete', 'incomplete')),
  environment         text,
  "user"              text,
  source              text,
  source_datapoint_id text,
  -- False: payloads were not to be stored.
  save                boolean NOT NULL,
  -- What the client asked for, if it chose the id: a repeat is told from a clash by it.
  request_fingerprint text COLLATE "C",

  prompt_tokens       integer,
  reasoning_tokens    integer,
  output_tokens       integer,
  -- US dollars; null is unknown, never 0.
  prompt_cost         double precision,
  output_cost         double precision,
  finish_reason       text,

  -- Payloads. Of an agent's call, `messages` are those of the request; its turns hold the rest.
  inputs              json,
  messages            json,
  -- True: `messages` were replaced by hand and are all there are.
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

-- One model call of an agent's log, and what answered its tool calls. Appending a turn writes the
-- turn, never the conversation before it.
CREATE TABLE turn (
  organization_id    text COLLATE "C" NOT NULL,
  log_id             text COLLATE "C" NOT NULL,
  -- From 1, through every continue.
  number             integer NOT NULL,
  started_at         timestamptz NOT NULL,
  first_token_at     timestamptz,
  ended_at           timestamptz NOT NULL,
  finish_reason      text,

  -- Disjoint buckets of tokens, but for reasoning, which is a part of the output; null is unknown.
  input_tokens       integer,
  cache_read_tokens  integer,
  cache_write_tokens integer,
  output_tokens      integer,
  reasoning_tokens   integer,

  -- What the model said; null where payloads are not stored.
  message            json,
  -- The vendor's own parts, where they hold more than the message: signatures, order.
  parts              json,
  -- Tool messages of the calls that the server answered, in the order they came.
  results            jsonb NOT NULL DEFAULT '[]',
  -- What the client continued with after this turn.
  continuation       json,

  -- The request as it went over the wire, but without the first `shared_messages` of its messages,
  -- which are those of the turn before.
  provider_request   json,
  shared_messages    integer NOT NULL DEFAULT 0,
  provider_response  json,

  PRIMARY KEY (organization_id, log_id, number),
  FOREIGN KEY (organization_id, log_id) REFERENCES log ON DELETE CASCADE
);

-- An agent's run that has not ended. Who holds the lease drives it; every write of a step names the
-- lease's token, so that a process which lost it writes nothing.
CREATE TABLE run (
  organization_id      text COLLATE "C" NOT NULL,
  log_id               text COLLATE "C" NOT NULL,
  state                text NOT NULL CHECK (state IN ('running', 'suspended', 'interrupted')),
  -- The process; null when nobody drives it.
  lease_owner          text COLLATE "C",
  lease_token          bigint NOT NULL DEFAULT 1,
  lease_expires_at     timestamptz,
  -- Model calls so far.
  iterations           integer NOT NULL DEFAULT 0,
  -- Events that its streams have carried so far; the next one's number is one more.
  event_count          integer NOT NULL DEFAULT 0,
  -- The body of the last continue: an equal one joins it.
  continue_fingerprint text COLLATE "C",
  -- The conversation of a run whose payloads are not stored, while it waits for its client.
  sealed_conversation  bytea,
  suspended_at         timestamptz,
  -- `log_status: incomplete` was asked for: the log stays open when the run has ended.
  keep_open            boolean NOT NULL DEFAULT false,
  PRIMARY KEY (organization_id, log_id),
  FOREIGN KEY (organization_id, log_id) REFERENCES log ON DELETE CASCADE
) WITH (fillfactor = 70);

-- Runs that nobody drives any more. Its condition is one that the writes of a step do not have: a
-- planner that knows nothing of the table yet would take this index for them, and read every run.
CREATE INDEX run_expired ON run (lease_expires_at) WHERE lease_expires_at IS NOT NULL;
CREATE INDEX run_sealed ON run (suspended_at) WHERE sealed_conversation IS NOT NULL;
