-- Who is reviewing which log, and what reviewers skipped. What is to be reviewed is derived: logs of
-- open Runs and of monitored files that have fewer judgments of a human evaluator than it asks for.

CREATE TABLE review_reservation (
  organization_id text COLLATE "C" NOT NULL,
  log_id          text COLLATE "C" NOT NULL,
  -- The file of the human evaluator.
  evaluator_id    text COLLATE "C" NOT NULL,
  member_id       text COLLATE "C" NOT NULL,
  expires_at      timestamptz NOT NULL,
  PRIMARY KEY (organization_id, log_id, evaluator_id, member_id),
  FOREIGN KEY (organization_id, log_id) REFERENCES log ON DELETE CASCADE
);
CREATE INDEX review_reservation_expired ON review_reservation (organization_id, expires_at);

CREATE TABLE review_skip (
  organization_id text COLLATE "C" NOT NULL,
  log_id          text COLLATE "C" NOT NULL,
  evaluator_id    text COLLATE "C" NOT NULL,
  member_id       text COLLATE "C" NOT NULL,
  skipped_at      timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, log_id, evaluator_id, member_id),
  FOREIGN KEY (organization_id, log_id) REFERENCES log ON DELETE CASCADE
);

-- The judgments of an evaluator, by log, to compare those of one log.
CREATE INDEX judgment_evaluator ON judgment (organization_id, evaluator_id, log_id, judge)
  WHERE outcome = 'judged';

-- The judgments of one member, newest first.
CREATE INDEX judgment_judge ON judgment (organization_id, judge, judged_at DESC) WHERE judge <> '';
