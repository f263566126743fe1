import type { RunRecord } from '../../logs/log-record.ts';

/** The state of a run's row: `none` before the run is opened and after it has ended. */
type Place = RunRecord['state'] | 'none';

/** A statement that writes rows of runs, and the states before and after it. */
export interface Transition {
  readonly from: readonly Place[];
  readonly to: readonly Place[];
  /** The file, and the function or constant in it, that has the statement. */
  readonly statement: string;
  /** The event that causes the change. */
  readonly when: string;
}

const waiting: readonly Place[] = ['suspended', 'interrupted'];
const any: readonly Place[] = ['running', ...waiting];

/**
 * Every change of a run's row. `transitions.test.ts` checks that the sources have exactly these
 * statements.
 */
export const transitions: readonly Transition[] = [
  {
    from: ['none'],
    to: ['running'],
    statement: 'runs/open-run-queries.ts begunRuns',
    when: 'A client or a parent run calls it.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'runs/step-queries.ts writeTurn',
    when: 'A turn finishes, and the run goes on.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'runs/step-queries.ts commitToolResult',
    when: 'A tool call on the server finishes.',
  },
  {
    from: ['running'],
    to: ['suspended'],
    statement: 'runs/step-queries.ts writeRest',
    when: 'The run waits for its client, or a child run does.',
  },
  {
    from: ['running'],
    to: ['none'],
    statement: 'runs/step-queries.ts writeRest',
    when: 'The run ends.',
  },
  {
    from: ['running'],
    to: ['interrupted'],
    statement: 'runs/rest-queries.ts interruptRun',
    when: 'A process takes it over, but lacks keys that came with its call.',
  },
  {
    from: ['suspended'],
    to: ['running'],
    statement: 'runs/claim-queries.ts claimed',
    when: 'A client continues it with answers to its calls.',
  },
  {
    from: ['interrupted'],
    to: ['running'],
    statement: 'runs/claim-queries.ts claimed',
    when: 'A client continues it with the keys that it lacks.',
  },
  {
    from: ['suspended'],
    to: ['suspended', 'running'],
    statement: 'runs/child-run-queries.ts answerWaitingRun',
    when: 'A child run ends and answers a call. The answer to the last open call makes it running.',
  },
  {
    from: any,
    to: ['none'],
    statement: 'runs/child-run-queries.ts endBelow',
    when: 'Its parent run ends, or the client answers its call.',
  },
  {
    from: ['running'],
    to: ['none'],
    statement: 'runs/rest-queries.ts dropRun',
    when: 'A process takes it over, but its file was deleted.',
  },
  {
    from: ['suspended'],
    to: ['none'],
    statement: 'runs/rest-queries.ts expireSealedRuns',
    when: 'The time limit of its sealed conversation has passed.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'leases/lease-queries.ts renewLeases',
    when: 'The process that drives it renews its lease.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'leases/lease-queries.ts releaseLeases',
    when: 'The process that drives it stops, and its lease expires at once.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'leases/takeover-queries.ts takeOverRuns',
    when: 'Its lease has expired, and another process takes it over.',
  },
  {
    from: any,
    to: ['running'],
    statement: 'leases/takeover-queries.ts seizeRun',
    when: 'It is cancelled, or the process that took over its parent run takes it too.',
  },
  {
    from: any,
    to: ['running'],
    statement: 'leases/takeover-queries.ts markCancelled',
    when: 'The Run of an Evaluation that generates its log is cancelled.',
  },
  {
    from: any,
    to: ['none'],
    statement: '../logs/log-queries.ts abandonRun',
    when: 'A client completes its log while no process drives it.',
  },
];
