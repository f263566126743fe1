-- A cancel is several steps: nested runs end, and the run itself. What it has begun is finished by
-- whoever takes the run over, if its server dies on the way.
ALTER TABLE run ADD COLUMN is_cancelled boolean NOT NULL DEFAULT false;
