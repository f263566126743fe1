import { expect, test } from 'vitest';
import { testApp } from '../support/app.ts';

const api = await testApp({
  runLimits: { callsPerTurn: 6, callsAtOnce: 3, below: { atOnce: 4, inAll: 20 } },
});

/** Agents of which each calls the next one several times in one answer. @returns the first one's id. */
async function tower(path: string, levels: number, calls: number): Promise<string> {
  let next: string | undefined;
  for (let level = levels; level >= 1; level--) {
    const tool_calls = Array.from({ length: calls }, () => ({
      name: `level${level + 1}`,
      arguments: { message: 'go' },
    }));
    const { body } = await api.post('/agents', {
      path: `${path}/level${level}`,
      provider: 'mock',
      model: 'mock',
      other: { script: next ? [{ tool_calls }, { content: 'done' }] : [{ content: 'leaf' }] },
      ...(next ? { tools: [{ type: 'file', link: { file_id: next } }] } : {}),
    });
    next = body.id as string;
  }
  return next as string;
}

const messages = [{ role: 'user', content: 'go' }];

test('what an answer calls beyond the limit is not run, and its model is told', async () => {
  const id = await tower('bounds/calls', 2, 9);
  const { body } = await api.post('/agents/call', { id, messages });
  const results = body.messages.filter(({ role }: { role: string }) => role === 'tool');
  expect(results.map(({ content }: { content: string }) => content)).toEqual([
    ...Array.from({ length: 6 }, () => 'leaf'),
    ...Array.from({ length: 3 }, () =>
      expect.stringMatching(/an answer may make 6 calls.*RUN_CALLS_PER_TURN/),
    ),
  ]);
  expect(body.output).toBe('done');
});

test('runs below a run end at their limit, and those above them go on', async () => {
  const id = await tower('bounds/runs', 4, 5);
  const { body } = await api.post('/agents/call', { id, messages });
  expect(body.output).toBe('done');
  expect(body.error).toBeNull();
  const { rows } = await api.database.pool.query(
    `SELECT count(*) FILTER (WHERE error LIKE '%RUNS_BELOW_IN_ALL%')::integer AS refused,
      count(*) FILTER (WHERE ended_as IS NOT NULL)::integer AS begun FROM log WHERE trace_id = $1`,
    [body.id],
  );
  expect(rows[0].begun).toBe(21);
  expect(rows[0].refused).toBeGreaterThan(0);
});
