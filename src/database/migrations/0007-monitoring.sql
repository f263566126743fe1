-- Evaluators that watch the logs of a file, and the judgments of evaluators.

CREATE TABLE monitoring_evaluator (
  organization_id   text COLLATE "C" NOT NULL,
  id                text COLLATE "C" NOT NULL,
  -- The file whose logs are judged.
  file_id           text COLLATE "C" NOT NULL,
  evaluator_id      text COLLATE "C" NOT NULL,
  -- Either one version of the evaluator, or the one that is deployed to an environment.
  version_id        text COLLATE "C",
  environment_id    text COLLATE "C",
  state             text NOT NULL CHECK (state IN ('active', 'inactive')),
  created_at        timestamptz NOT NULL DEFAULT now(),
  updated_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, id),
  FOREIGN KEY (organization_id, file_id) REFERENCES file,
  FOREIGN KEY (organization_id, evaluator_id) REFERENCES file,
  FOREIGN KEY (organization_id, version_id) REFERENCES version,
  FOREIGN KEY (organization_id, environment_id) REFERENCES environment,
  CHECK ((version_id IS NULL) <> (environment_id IS NULL)),
  CONSTRAINT monitoring_evaluator_key UNIQUE NULLS NOT DISTINCT
    (organization_id, file_id, evaluator_id, version_id, environment_id)
);

-- In an evaluator's log: the log that it judges, and the judgment, which is a boolean, a number, a
-- text or a list of texts.
ALTER TABLE log
  ADD COLUMN parent_id text COLLATE "C",
  ADD COLUMN judgment json,
  ADD COLUMN marked_completed boolean,
  ADD FOREIGN KEY (organization_id, parent_id) REFERENCES log ON DELETE CASCADE;

CREATE INDEX log_judgments ON log (organization_id, parent_id, id) WHERE parent_id IS NOT NULL;
