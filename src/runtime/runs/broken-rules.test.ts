import { describe, expect, test } from 'vitest';
import { testApp } from '../../../test/support/app.ts';
import { getLog } from '../../logs/read-logs.ts';
import type { Happening, Running, RunOutcome } from '../events/run-event.ts';
import { runnableAgent } from '../kinds/agent.ts';
import type { KindRun } from '../kinds/runtime-parts.ts';
import { Leases } from '../leases/leases.ts';
import { Runtime } from './runtime.ts';
import { startRun } from './start-run.ts';

const api = await testApp();

/** Runs an agent whose steps have a bug. @returns how the run ended. */
async function outcomeOf(name: string, steps: (run: KindRun) => Running<RunOutcome>) {
  const runnable = { ...runnableAgent, steps };
  const runtime = new Runtime(api.runtime.parts, { agent: runnable });
  const { workspace } = api;
  const spec = { provider: 'mock', model: 'mock', template: [{ role: 'system', content: 'Hi.' }] };
  const run = await startRun(
    runtime,
    workspace,
    {
      runnable,
      selector: { versionId: undefined, environment: undefined },
      inlineSpec: spec,
    },
    { path: `broken-rules/${name}`, log_id: name },
    new AbortController().signal,
  );
  const { endedAs } = await run.outcome;
  await runtime.stop();
  const { record } = await getLog(workspace, name);
  return { endedAs, error: record.error, logged: api.logged.join('') };
}

const start: Happening = { type: 'agent_turn_start' };
const broken = {
  endedAs: 'broken',
  error:
    'The run failed because of an error in the server. Look for the id of this log in the log of the server.',
};

describe('a run that breaks a rule of the engine ends as broken, and the rule is logged', () => {
  test('a turn that is not the next', async () => {
    const outcome = await outcomeOf('turn', async function* (run) {
      yield start;
      run.transcript.addTurn({ number: 2 } as Parameters<typeof run.transcript.addTurn>[0]);
      throw new Error('It went on.');
    });
    expect(outcome).toMatchObject(broken);
    expect(outcome.logged).toContain('Turn 2 came where turn 1 was to come.');
    expect(outcome.logged).not.toContain('It went on.');
  });

  test('an event whose number falls', async () => {
    const outcome = await outcomeOf('event', async function* (run) {
      yield start;
      const { emit } = run.outbox;
      Object.assign(run.outbox, {
        emit: async (...given: Parameters<typeof emit>) => {
          Object.assign(run.outbox, { emit });
          return { ...(await emit.apply(run.outbox, given)), number: 1 };
        },
      });
      yield { type: 'agent_start' };
      throw new Error('It went on.');
    });
    expect(outcome).toMatchObject(broken);
    expect(outcome.logged).toContain('Event 1 came after event 1.');
  });
});

test('a run is not driven twice under one lease', async () => {
  const { database, logger } = api.runtime.parts;
  const leases = new Leases({ leaseDatabase: database, logger, leaseSeconds: 15 });
  const { workspace } = api;
  const run = { workspace, lease: { logId: 'log_twice', token: 1 }, eventCount: 0 };
  const letGo = leases.hold(run, () => {});
  expect(() => leases.hold(run, () => {})).toThrow('The run of log log_twice is driven twice.');
  const next = { ...run, lease: { logId: 'log_twice', token: 2 } };
  leases.hold(next, () => {});
  letGo();
  expect(leases.held).toEqual([{ organizationId: workspace.organizationId, ...next.lease }]);
  await leases.stop();
});
