-- The model that answered: the version's own, or one of its fallbacks. Null when the call failed,
-- and in turns that are older than fallbacks, which the version's own model answered.
ALTER TABLE turn
  ADD COLUMN provider text,
  ADD COLUMN model text;
