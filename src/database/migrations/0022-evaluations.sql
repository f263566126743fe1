-- Evaluations, their Runs, the judgments that count, and the work that is to be done.

-- A named set of evaluator versions on a file.
CREATE TABLE evaluation (
  organization_id text COLLATE "C" NOT NULL,
  id              text COLLATE "C" NOT NULL,
  -- Null until a Run with a version is added.
  file_id         text COLLATE "C",
  name            text,
  created_by      text COLLATE "C",
  created_at      timestamptz NOT NULL DEFAULT now(),
  updated_at      timestamptz NOT NULL DEFAULT now(),
  deleted_at      timestamptz,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, file_id) REFERENCES file
);
CREATE UNIQUE INDEX evaluation_name_key ON evaluation (organization_id, file_id, name)
  WHERE deleted_at IS NULL AND file_id IS NOT NULL AND name IS NOT NULL;
CREATE INDEX evaluation_list ON evaluation (organization_id, file_id, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;

-- The evaluators of an Evaluation, in the order of `number`.
CREATE TABLE evaluation_evaluator (
  organization_id      text COLLATE "C" NOT NULL,
  evaluation_id        text COLLATE "C" NOT NULL,
  evaluator_version_id text COLLATE "C" NOT NULL,
  evaluator_id         text COLLATE "C" NOT NULL,
  -- True: the server judges. False: clients or people do.
  orchestrated         boolean NOT NULL,
  -- True: the request said `orchestrated: false`, so its judgments are awaited without a limit.
  is_always_awaited    boolean NOT NULL,
  number               bigint GENERATED ALWAYS AS IDENTITY,
  added_at             timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, evaluation_id, evaluator_version_id),
  FOREIGN KEY (organization_id, evaluation_id) REFERENCES evaluation,
  FOREIGN KEY (organization_id, evaluator_version_id) REFERENCES version
);

-- Logs to be judged. Whoever changes the slots, tasks or status of a Run locks its row first:
-- FOR SHARE to add a judgment, FOR NO KEY UPDATE for everything else.
CREATE TABLE evaluation_run (
  organization_id    text COLLATE "C" NOT NULL,
  id                 text COLLATE "C" NOT NULL,
  file_id            text COLLATE "C",
  version_id         text COLLATE "C",
  dataset_version_id text COLLATE "C",
  -- True: the server makes the logs. False: clients do.
  orchestrated       boolean NOT NULL,
  status             text NOT NULL CHECK (status IN ('pending', 'running', 'completed', 'cancelled')),
  name               text,
  metadata           jsonb,
  -- What the request asked for: trials, concurrency, sample, client_tools, max_cost, logs, replay.
  options            jsonb NOT NULL DEFAULT '{}',
  -- Why the server cancelled it; null otherwise.
  error              text,
  -- True: a client ended it as completed, so it waits for no further logs or clients' judgments.
  is_closed          boolean NOT NULL DEFAULT false,
  api_key_id         text COLLATE "C",
  created_by         text COLLATE "C",
  created_at         timestamptz NOT NULL DEFAULT now(),
  ended_at           timestamptz,
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, file_id) REFERENCES file,
  FOREIGN KEY (organization_id, version_id) REFERENCES version,
  FOREIGN KEY (organization_id, dataset_version_id) REFERENCES version
);
CREATE INDEX evaluation_run_open ON evaluation_run (organization_id, created_at)
  WHERE status IN ('pending', 'running');
CREATE INDEX evaluation_run_awaiting ON evaluation_run (organization_id, file_id)
  WHERE status IN ('pending', 'running') AND NOT orchestrated;

-- A Run in an Evaluation. One Run may be in several.
CREATE TABLE evaluation_member (
  organization_id text COLLATE "C" NOT NULL,
  evaluation_id   text COLLATE "C" NOT NULL,
  run_id          text COLLATE "C" NOT NULL,
  is_control      boolean NOT NULL DEFAULT false,
  number          bigint GENERATED ALWAYS AS IDENTITY,
  added_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, evaluation_id, run_id),
  FOREIGN KEY (organization_id, evaluation_id) REFERENCES evaluation,
  FOREIGN KEY (organization_id, run_id) REFERENCES evaluation_run
);
CREATE UNIQUE INDEX evaluation_control ON evaluation_member (organization_id, evaluation_id)
  WHERE is_control;
CREATE INDEX evaluation_member_run ON evaluation_member (organization_id, run_id);

-- A place in a Run for one log.
CREATE TABLE evaluation_slot (
  organization_id  text COLLATE "C" NOT NULL,
  run_id           text COLLATE "C" NOT NULL,
  position         integer NOT NULL,
  trial            smallint NOT NULL DEFAULT 0,
  datapoint_id     text COLLATE "C",
  -- In a Run that clients fill, a hash of the datapoint's inputs and messages: logs that name no
  -- datapoint are found by it.
  content_hash     bigint,
  -- Empty: no log. Started: the log exists or is about to, and cannot be judged yet. Ready: it can.
  state            text NOT NULL DEFAULT 'empty' CHECK (state IN ('empty', 'started', 'ready')),
  -- Of a started slot that the server fills, the id that the log will have.
  log_id           text COLLATE "C",
  -- How the log came here.
  origin           text CHECK (origin IN ('generated', 'run_id', 'datapoint', 'adopted', 'added',
                     'existing')),
  -- In a replay, the log that is replayed.
  replayed_log_id  text COLLATE "C",
  -- When the log came here, and later when it became ready.
  filled_at        timestamptz,
  -- A server has reserved the slot for a call that it is about to start. The lease ends in the commit
  -- that begins the log: from then on the lease of the call's run counts.
  lease_owner      text COLLATE "C",
  lease_token      integer NOT NULL DEFAULT 0,
  lease_expires_at timestamptz,
  PRIMARY KEY (organization_id, run_id, position),
  FOREIGN KEY (organization_id, run_id) REFERENCES evaluation_run,
  CHECK ((state = 'empty') = (log_id IS NULL))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX evaluation_slot_log ON evaluation_slot (organization_id, log_id, run_id)
  WHERE log_id IS NOT NULL;
CREATE INDEX evaluation_slot_open ON evaluation_slot (organization_id, run_id, position)
  WHERE state <> 'ready';
CREATE INDEX evaluation_slot_generated ON evaluation_slot (organization_id, run_id)
  WHERE state = 'started' AND origin = 'generated';
CREATE INDEX evaluation_slot_datapoint ON evaluation_slot (organization_id, run_id, datapoint_id)
  WHERE datapoint_id IS NOT NULL;
CREATE INDEX evaluation_slot_content ON evaluation_slot (organization_id, run_id, content_hash)
  WHERE state = 'empty' AND content_hash IS NOT NULL;

-- The judgments that count: of each log, evaluator version and judge the newest. The whole of each is
-- an evaluator log; here are the columns that can be added up.
CREATE TABLE judgment (
  organization_id      text COLLATE "C" NOT NULL,
  log_id               text COLLATE "C" NOT NULL,
  evaluator_version_id text COLLATE "C" NOT NULL,
  -- The `user` of the evaluator log, or ''.
  judge                text COLLATE "C" NOT NULL DEFAULT '',
  evaluator_id         text COLLATE "C" NOT NULL,
  evaluator_log_id     text COLLATE "C" NOT NULL,
  -- The file and version of the judged log.
  file_id              text COLLATE "C" NOT NULL,
  version_id           text COLLATE "C" NOT NULL,
  -- True: the judged log was not made for a Run.
  is_traffic           boolean NOT NULL,
  outcome              text NOT NULL CHECK (outcome IN ('judged', 'null', 'error')),
  -- A number, or 1 and 0 for true and false.
  value                double precision,
  -- The chosen options of a select or multi_select.
  options              text[],
  -- US dollars that a judging model cost; null when unknown.
  cost                 double precision,
  -- Seconds that judging took; null when unknown.
  latency              double precision,
  -- True: the server judged, and the content of the log has not changed since.
  is_current           boolean NOT NULL DEFAULT false,
  -- The datapoint that the server judged the log with; null for none.
  datapoint_id         text COLLATE "C",
  log_created_at       timestamptz NOT NULL,
  -- When the evaluator log was made.
  judged_at            timestamptz NOT NULL,
  -- When the judgment came, by the clock of the database: clients choose `judged_at` themselves.
  written_at           timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, log_id, evaluator_version_id, judge),
  FOREIGN KEY (organization_id, log_id) REFERENCES log ON DELETE CASCADE
);
CREATE INDEX judgment_evaluator_log ON judgment (organization_id, evaluator_log_id);
CREATE INDEX judgment_version ON judgment (organization_id, version_id, evaluator_version_id)
  INCLUDE (outcome, value, judged_at, is_traffic);
CREATE INDEX judgment_time ON judgment
  (organization_id, file_id, evaluator_version_id, log_created_at)
  INCLUDE (outcome, value, version_id) WHERE is_traffic;

-- Judgments that the server is to make. The judgment is written in the transaction that deletes the
-- task, so it is written once.
CREATE TABLE judgment_task (
  organization_id      text COLLATE "C" NOT NULL,
  log_id               text COLLATE "C" NOT NULL,
  evaluator_version_id text COLLATE "C" NOT NULL,
  -- Who wants the judgment: Runs, monitoring, or both.
  for_run              boolean NOT NULL,
  for_monitoring       boolean NOT NULL,
  -- When a process may claim it. While one has it: when its lease expires.
  due_at               timestamptz NOT NULL,
  -- The process that has it; null when none does.
  lease_owner          text COLLATE "C",
  -- Rises with each claim and each change of the log, so that an older judgment is not written.
  lease_token          integer NOT NULL DEFAULT 0,
  -- How often it was claimed and not ended.
  attempts             smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (organization_id, log_id, evaluator_version_id)
) WITH (fillfactor = 70);
-- The index has a condition that is always true and that only claims have: the planner would use it
-- for tasks that are named by their key, too, and read all tasks of an evaluator for each.
CREATE INDEX judgment_task_due ON judgment_task
  (organization_id, evaluator_version_id, for_run DESC, due_at) WHERE due_at > '-infinity';

-- Evaluators whose logs were written before there was a table of judgments. A server reads them in
-- the background, a part at a time, and once more later: until they stop, servers of the release
-- before write logs that do not count.
CREATE TABLE judgment_backlog (
  organization_id text COLLATE "C" NOT NULL,
  evaluator_id    text COLLATE "C" NOT NULL,
  -- The last evaluator log that was read; null before the first.
  created_at      timestamptz,
  log_id          text COLLATE "C",
  added_at        timestamptz NOT NULL DEFAULT now(),
  -- When it is read next.
  due_at          timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, evaluator_id)
);
INSERT INTO judgment_backlog (organization_id, evaluator_id)
SELECT organization_id, id FROM file WHERE type = 'evaluator';

-- The statistics of a completed Run in an Evaluation. Whoever changes what they are computed from
-- deletes the row.
CREATE TABLE evaluation_run_stats (
  organization_id text COLLATE "C" NOT NULL,
  run_id          text COLLATE "C" NOT NULL,
  evaluation_id   text COLLATE "C" NOT NULL,
  -- Written before they are computed: only the computation that wrote it may store its result.
  reservation     text COLLATE "C" NOT NULL,
  -- Null while they are being computed.
  stats           jsonb,
  PRIMARY KEY (organization_id, run_id, evaluation_id),
  FOREIGN KEY (organization_id, run_id) REFERENCES evaluation_run,
  FOREIGN KEY (organization_id, evaluation_id) REFERENCES evaluation
);

-- The share of logs that a monitor judges.
ALTER TABLE monitoring_evaluator ADD COLUMN sample_rate double precision NOT NULL DEFAULT 1
  CHECK (sample_rate > 0 AND sample_rate <= 1);

-- Evaluators judge a log again when its content changes, but not when only its metadata does.
ALTER TABLE log_feed ADD COLUMN content_changed boolean NOT NULL DEFAULT true;

CREATE OR REPLACE FUNCTION feed_changed_logs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO log_feed (organization_id, file_id, version_id, type, change, was_complete, is_complete,
    log_ids, content_changed)
  SELECT a.organization_id, a.file_id, a.version_id, a.type, 'changed',
    b.log_status IS DISTINCT FROM 'incomplete', a.log_status IS DISTINCT FROM 'incomplete',
    ARRAY[a.id], changed.status OR changed.content
  FROM before b JOIN after a ON a.organization_id = b.organization_id AND a.id = b.id
  CROSS JOIN LATERAL (SELECT
    (a.log_status IS DISTINCT FROM 'incomplete') <> (b.log_status IS DISTINCT FROM 'incomplete')
      AS status,
    -- An incomplete log is judged when it is completed. Compare the texts of json values, because
    -- json has no equality.
    a.log_status IS DISTINCT FROM 'incomplete' AND (
      a.output IS DISTINCT FROM b.output OR a.error IS DISTINCT FROM b.error
      OR a.inputs::text IS DISTINCT FROM b.inputs::text
      OR a.messages::text IS DISTINCT FROM b.messages::text
      OR a.output_message::text IS DISTINCT FROM b.output_message::text) AS content) changed
  WHERE changed.status OR changed.content
    OR a.log_status IS DISTINCT FROM 'incomplete' AND a.metadata IS DISTINCT FROM b.metadata;
  RETURN NULL;
END
$$;
