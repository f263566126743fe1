import { parseArgs } from 'node:util';

export interface Options {
  readonly seed: number;
  readonly runs: number;
  /** The number of runs in a round: they run side by side, and are checked together. */
  readonly together: number;
  readonly servers: number;
  readonly leaseSeconds: number;
  readonly withPython: boolean;
  /** False: only models fail. */
  readonly hasFaults: boolean;
  /** True: first kill servers at each write of a run in turn. */
  readonly withBoundaries: boolean;
  /** True: continue after a round with a violation. */
  readonly goesOn: boolean;
}

export const usage = `npm run test:faults -- [options]

  --seed 1          of the first round; a round that fails tells its own
  --runs 10000      how many runs in all (default 1000)
  --together 25     runs in a round (default 25): with a seed, they make the round
  --servers 3       servers on one Postgres (default 3)
  --lease 2         seconds that a lease holds (default 2)
  --boundaries      first, kill a server at each write of a run in turn
  --python          agents call Python tools as well
  --no-faults       nothing goes wrong, but with models
  --go-on           go on after a violation`;

/** @throws Error that names the option it cannot read. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      runs: { type: 'string', default: '1000' },
      together: { type: 'string', default: '25' },
      servers: { type: 'string', default: '3' },
      lease: { type: 'string', default: '2' },
      python: { type: 'boolean', default: false },
      'no-faults': { type: 'boolean', default: false },
      boundaries: { type: 'boolean', default: false },
      'go-on': { type: 'boolean', default: false },
    },
  });
  return {
    seed: wholeNumber('seed', values.seed),
    runs: wholeNumber('runs', values.runs),
    together: wholeNumber('together', values.together),
    servers: wholeNumber('servers', values.servers),
    leaseSeconds: wholeNumber('lease', values.lease),
    withPython: values.python,
    hasFaults: !values['no-faults'],
    withBoundaries: values.boundaries,
    goesOn: values['go-on'],
  };
}

/** The command that repeats one round. */
export function replayCommand(options: Options, seed: number, runs: number): string {
  const { servers, leaseSeconds, withPython, hasFaults } = options;
  return [
    `npm run test:faults -- --seed ${seed} --runs ${runs} --together ${runs}`,
    `--servers ${servers} --lease ${leaseSeconds}`,
    ...(withPython ? ['--python'] : []),
    ...(hasFaults ? [] : ['--no-faults']),
  ].join(' ');
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number above 0.`);
}
