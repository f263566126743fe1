import { logAnswer } from './logs.ts';
import { upserts } from './upserts.ts';

/** A log to try an evaluator on. */
export const evaluatorCall = {
  path: upserts.evaluator.path,
  log: { output: 'billing' },
  testcase: { target: { output: 'billing' } },
};

/** The answer to it. */
export const evaluatorCallAnswer = {
  ...logAnswer('evaluator', {
    start_time: '2026-05-04T10:00:02Z',
    end_time: '2026-05-04T10:00:02.01Z',
    provider_latency: 0.01,
  }),
  parent_id: null,
};
