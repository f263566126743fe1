-- What each model call cost, and by which prices, so that a table that was wrong can be put right and
-- its costs with it. US dollars; null is unknown, never 0.
ALTER TABLE turn
  ADD COLUMN prompt_cost double precision,
  ADD COLUMN output_cost double precision,
  ADD COLUMN price_table text;
