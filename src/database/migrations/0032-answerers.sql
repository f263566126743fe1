-- Who answered the tool calls of a turn, and when: a member, and the API key if it was a program (of keys
-- that replaced each other, the first). Null for turns that no client has answered, and for answers from
-- before.
ALTER TABLE turn
  ADD COLUMN continued_at     timestamptz,
  ADD COLUMN continued_by     text COLLATE "C",
  ADD COLUMN continued_by_key text COLLATE "C";
