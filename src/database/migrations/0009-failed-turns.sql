-- A model call that failed is stored as a turn when other samples of the same request succeeded.
ALTER TABLE turn ADD COLUMN error text;
