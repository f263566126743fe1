-- Which model answered: the version's own, or one of its fallbacks. Null where the call failed, and in
-- turns from before there were fallbacks: there it was the version's own.
ALTER TABLE turn
  ADD COLUMN provider text,
  ADD COLUMN model text;
