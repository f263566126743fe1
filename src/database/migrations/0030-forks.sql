-- What the log of a fork was forked from: a log, which may have been deleted since, and the first turn
-- that the fork does not have from it.
ALTER TABLE log
  ADD COLUMN forked_from_id   text COLLATE "C",
  ADD COLUMN forked_from_turn integer;
