import type { RunRecord } from '../../logs/log-record.ts';

/** Where a run's row is: `none` before it is opened, and after it has ended. */
type Place = RunRecord['state'] | 'none';

/** A statement that writes the rows of runs, and what becomes of a row by it. */
export interface Transition {
  readonly from: readonly Place[];
  readonly to: readonly Place[];
  /** The function or constant that has the statement. */
  readonly statement: string;
  /** When it is sent. */
  readonly when: string;
}

const waiting: readonly Place[] = ['suspended', 'interrupted'];
const any: readonly Place[] = ['running', ...waiting];

/**
 * Every change of a run's row there is. `transitions.test.ts` holds it against the statements, by
 * their places in the source.
 */
export const transitions: readonly Transition[] = [
  {
    from: ['none'],
    to: ['running'],
    statement: 'runs/open-run-queries.ts begunRuns',
    when: 'A run is called, by a client or by the run above it.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'runs/step-queries.ts writeTurn',
    when: 'A turn is finished, and the run goes on.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'runs/step-queries.ts commitToolResult',
    when: 'A tool call of the server is answered.',
  },
  {
    from: ['running'],
    to: ['suspended'],
    statement: 'runs/step-queries.ts writeRest',
    when: 'The run waits: for its client, or for a run below it that does.',
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
    when: 'It was taken over, and needs keys that only its call had.',
  },
  {
    from: ['suspended'],
    to: ['running'],
    statement: 'runs/claim-queries.ts claimed',
    when: 'A client continues it with answers.',
  },
  {
    from: ['interrupted'],
    to: ['running'],
    statement: 'runs/claim-queries.ts claimed',
    when: 'A client continues it with keys.',
  },
  {
    from: ['suspended'],
    to: ['suspended', 'running'],
    statement: 'runs/child-run-queries.ts answerWaitingRun',
    when: 'A run below it ends by itself: with the last open call answered, it may be driven again.',
  },
  {
    from: any,
    to: ['none'],
    statement: 'runs/child-run-queries.ts endBelow',
    when: 'The run above it ended, or its call was answered otherwise.',
  },
  {
    from: ['running'],
    to: ['none'],
    statement: 'runs/rest-queries.ts dropRun',
    when: 'It was taken over, and its file was deleted.',
  },
  {
    from: ['suspended'],
    to: ['none'],
    statement: 'runs/rest-queries.ts expireSealedRuns',
    when: 'It waited longer than its sealed conversation may be kept.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'leases/lease-queries.ts renewLeases',
    when: 'Its process still drives it.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'leases/lease-queries.ts releaseLeases',
    when: 'Its process stops: the lease has run out at once.',
  },
  {
    from: ['running'],
    to: ['running'],
    statement: 'leases/takeover-queries.ts takeOverRuns',
    when: 'Its lease has run out: another process drives it.',
  },
  {
    from: any,
    to: ['running'],
    statement: 'leases/takeover-queries.ts seizeRun',
    when: 'It is to be cancelled, or the run above it was taken over and goes on with it.',
  },
  {
    from: any,
    to: ['none'],
    statement: '../logs/log-queries.ts abandonRun',
    when: 'Its log is completed while no process drives it.',
  },
];
