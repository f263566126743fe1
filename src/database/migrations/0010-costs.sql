-- The cost of each model call and the prices it was computed with, so that costs can be computed
-- again after a price was wrong. US dollars; null when unknown, never 0 for that.
ALTER TABLE turn
  ADD COLUMN prompt_cost double precision,
  ADD COLUMN output_cost double precision,
  ADD COLUMN price_table text;
