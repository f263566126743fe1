-- A model call that failed is a turn too, where others beside it did not: one sample of several.
ALTER TABLE turn ADD COLUMN error text;
