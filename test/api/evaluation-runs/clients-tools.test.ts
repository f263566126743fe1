import { describe, expect, test } from 'vitest';
import { answerTo, callOf, scripted } from '../../support/agents.ts';
import { type Answer, testApp } from '../../support/app.ts';
import {
  datasetOf,
  evaluationOf,
  logsOf,
  onDataset,
  readRun,
  runOf,
  untilStatus,
  words,
} from '../../support/evaluation-runs.ts';
import { bodyOf } from '../../support/judging.ts';

const api = await testApp();
const dataset = await datasetOf(api, 'client tools/words', words(1));
const template = [{ role: 'user', content: '{{word}}' }];

/** An agent that asks its client, and then answers. */
const asking: Answer['body'] = await bodyOf(
  api.post('/agents', {
    path: 'client tools/asking',
    ...scripted([{ tool_calls: [callOf('lookup', { key: 'k' })] }, { content: 'It is so.' }], {
      template,
    }),
  }),
);
const evaluation = await evaluationOf(api, asking, []);

async function logOfRun(request: Record<string, unknown>): Promise<Answer['body']> {
  const run = await runOf(api, evaluation, onDataset(dataset, asking, request));
  await untilStatus(api, evaluation, run, 'completed');
  const [{ log }] = await logsOf(api, evaluation, run);
  return bodyOf(api.get(`/logs/${log.id}?include_trace_children=true`));
}

describe('a call of a tool of the client, in a log that a Run makes', { timeout: 60_000 }, () => {
  test('ends the log as a stop tool does', async () => {
    expect(await logOfRun({})).toMatchObject({
      log_status: 'complete',
      output: null,
      error: null,
      output_message: { tool_calls: [{ function: { name: 'lookup' } }] },
      stdout: expect.stringContaining('`lookup`, which only a client can answer'),
    });
  });

  test('has the result that the request for the Run gives', async () => {
    const said = await logOfRun({ client_tools: { lookup: { output: '42' } } });
    expect(said).toMatchObject({ log_status: 'complete', output: 'It is so.', error: null });
    expect(said.messages.at(-1)).toMatchObject({ role: 'tool', content: '42' });
    const failed = await logOfRun({ client_tools: { lookup: { error: 'Gone.' } } });
    expect(failed.messages.at(-1)).toMatchObject({ role: 'tool', content: 'Error: Gone.' });
    const other = await logOfRun({ client_tools: { nothing: { output: '42' } } });
    expect(other).toMatchObject({ log_status: 'complete', output: null });
  });

  test('waits for a client if the request says so', async () => {
    const request = onDataset(dataset, asking, { client_tools: 'suspend' });
    const run = await runOf(api, evaluation, request);
    await expect
      .poll(async () => (await logsOf(api, evaluation, run))[0]?.log.messages.length, {
        timeout: 20_000,
      })
      .toBeGreaterThan(0);
    const [{ log }] = await logsOf(api, evaluation, run);
    await expect
      .poll(async () => (await bodyOf(api.get(`/logs/${log.id}`))).run?.state)
      .toBe('suspended');
    expect(await readRun(api, evaluation, run)).toMatchObject({
      status: 'running',
      progress: { waiting_for: ['client'] },
    });
    const messages = [answerTo('call_1_1', 'x')];
    await bodyOf(api.post('/agents/continue', { log_id: log.id, messages }));
    await untilStatus(api, evaluation, run, 'completed');
  });

  test('of an agent below another is an error for that one, whose run goes on', async () => {
    const outer = await bodyOf(
      api.post('/agents', {
        path: 'client tools/outer',
        ...scripted([{ tool_calls: [callOf('asking', { word: 'x' })] }, { content: 'Well.' }], {
          template,
          tools: [
            {
              type: 'file',
              link: { file_id: asking.id, environment_id: null },
              on_agent_call: 'continue',
            },
          ],
        }),
      }),
    );
    const nesting = await evaluationOf(api, outer, []);
    const run = await runOf(api, nesting, onDataset(dataset, outer));
    await untilStatus(api, nesting, run, 'completed');
    const [{ log }] = await logsOf(api, nesting, run);
    expect(log).toMatchObject({ output: 'Well.', error: null });
    expect(log.messages.at(-1).content).toContain('which only a client can answer');
  });
});
