import { parseArgs } from 'node:util';

export interface Options {
  /** Only files whose path has one of these in it; all of the scope when there is none. */
  readonly paths: readonly string[];
  /** How many mutants, picked at random; all when undefined. */
  readonly sample: number | undefined;
  readonly seed: number;
  /** Only test files whose path has one of these in it; all when there are none. */
  readonly tests: readonly string[];
  /** How many of the test files that need Postgres are run for a mutant, nearest first; all when undefined. */
  readonly nearest: number | undefined;
  /** Seconds that the tests of one mutant have. A mutant that takes longer counts as killed. */
  readonly deadlineSeconds: number;
  /** True: make the map of what tests enter anew. */
  readonly mapsAnew: boolean;
  /** True: run those that survived before once more. */
  readonly again: boolean;
  /** True: print the mutants, and run nothing. */
  readonly lists: boolean;
}

export const usage = `npm run test:mutants -- [options] [path…]

  path…            files of src whose path has this in it (default: all in scope)
  --sample 40      so many, picked at random (default: all)
  --seed 1         which of them are picked
  --tests words    only test files whose path has this in it; may be repeated
  --nearest 6      only so many of the test files that need Postgres, nearest first (default: all)
  --deadline 600   seconds that the tests of one mutant have (default 600)
  --map            look anew which tests enter which functions: takes one run of the suite
  --again          run those that survived before once more
  --list           print the mutants, and run nothing`;

/** @throws Error that names the option it cannot read. */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      sample: { type: 'string' },
      seed: { type: 'string', default: '1' },
      tests: { type: 'string', multiple: true, default: [] },
      nearest: { type: 'string' },
      deadline: { type: 'string', default: '600' },
      map: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  return {
    paths: positionals,
    sample: values.sample === undefined ? undefined : wholeNumber('sample', values.sample),
    seed: wholeNumber('seed', values.seed),
    tests: values.tests,
    nearest: values.nearest === undefined ? undefined : wholeNumber('nearest', values.nearest),
    deadlineSeconds: wholeNumber('deadline', values.deadline),
    mapsAnew: values.map,
    again: values.again,
    lists: values.list,
  };
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} must be a whole number above 0.`);
}
