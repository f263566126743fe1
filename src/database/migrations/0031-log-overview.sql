-- Lists of the logs of all files, and filters and figures that no list of a file has. See
-- docs/decisions/0027.

-- A narrow copy of the table, in the order of lists: filters by state, cost, latency and tokens, and
-- the figures of a million logs, read it and nothing else. It has no column that a client can fill at
-- will, because an entry of an index has a largest size. The version tells the file.
CREATE INDEX log_overview ON log (organization_id, created_at, id) INCLUDE (version_id,
  trace_parent_id, log_status, start_time, end_time, provider_latency, prompt_cost, output_cost,
  prompt_tokens, output_tokens);

-- Which logs have failed: few of many, and the text of an error does not fit into an index.
CREATE INDEX log_failed ON log (organization_id, created_at, id)
  WHERE error IS NOT NULL OR ended_as = 'failed';
