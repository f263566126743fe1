import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { randomFrom } from '../support/random.ts';
import {
  copyCheckout,
  folder,
  readSource,
  root,
  runTests,
  sourceFiles,
  withTexts,
} from './checkout.ts';
import { type Mutant, mutantsOf, mutated } from './mutants.ts';
import { type Options, readOptions, usage } from './options.ts';
import { keepPostgres } from './postgres.setup.ts';
import { reachOf } from './reach-map.ts';
import {
  describe,
  isKilled,
  keepResult,
  type Outcome,
  type Result,
  readResults,
  summary,
} from './results.ts';
import { testFiles } from './test-files.ts';

/** What is changed: where a mistake costs data, money or somebody else's secrets. */
const scope = [
  'src/runtime/',
  'src/idempotency/',
  'src/database/batched.ts',
  'src/logs/',
  'src/accounts/',
  'src/outgoing/',
  'src/tools/python/',
];

/** How many of the nearest test files that need Postgres run before the others: they kill most. */
const groupSize = 3;

// With an `exit`, so that the tests that run are ended as well.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

try {
  await main(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`\n${usage}`);
  process.exitCode = 1;
}

async function main(options: Options): Promise<void> {
  const files = sourceFiles(scope);
  const mutants = picked(
    files
      .filter(
        (file) => options.paths.length === 0 || options.paths.some((part) => file.includes(part)),
      )
      .flatMap((file) => mutantsOf(file, readSource(file))),
    options,
  );
  if (options.lists) {
    for (const one of mutants) console.log(describe({ ...one, ended: 'survived', seconds: 0 }));
    return console.log(`\n${mutants.length} mutants`);
  }
  mkdirSync(folder, { recursive: true });
  copyCheckout();
  const postgres = await keepPostgres();
  const choice = await testChoice(files, options, postgres.env);
  const before = readResults();
  const results = mutants.flatMap((mutant) => knownResult(before.get(mutant.id), options) ?? []);
  const known = new Set(results.map(({ id }) => id));
  const anew = cheapestFirst(
    mutants.filter(({ id }) => !known.has(id)),
    choice,
  );
  for (const [index, mutant] of anew.entries()) {
    const result = keepResult(mutant, await tried(mutant, choice, postgres.env));
    await postgres.clear();
    results.push(result);
    const by = result.by === undefined ? '' : `  by: ${result.by}`;
    console.log(`${index + 1}/${anew.length} ${describe(result)}\n${by} ${result.seconds} s`);
  }
  await postgres.stop();
  const explained = JSON.parse(
    readFileSync(new URL('./explained.json', import.meta.url), 'utf8'),
  ) as Record<string, string>;
  console.log(`\n${summary(results, explained)}`);
}

/** A sample is the same for the same seed and sources. */
function picked(mutants: readonly Mutant[], { sample, seed }: Options): readonly Mutant[] {
  if (sample === undefined) return mutants;
  const next = randomFrom(seed);
  return mutants
    .map((mutant) => ({ mutant, order: next() }))
    .toSorted((a, b) => a.order - b.order)
    .slice(0, sample)
    .map(({ mutant }) => mutant);
}

/** A result of an earlier run that need not be found again. */
function knownResult(result: Result | undefined, options: Options): Result | undefined {
  if (!result || result.ended === 'broken') return undefined;
  if (isKilled(result)) return result;
  const isHalf = result.isHalfTried && options.nearest === undefined && options.tests.length === 0;
  return options.again || isHalf ? undefined : result;
}

interface TestChoice {
  /** In the order in which they run; those of one group run side by side. */
  readonly groupsOf: (mutant: Mutant) => readonly (readonly string[])[];
  /** Whether tests that enter the function are left out, or not known. */
  readonly leavesOut: (mutant: Mutant) => boolean;
  readonly secondsOf: (tests: readonly string[]) => number;
  readonly deadlineOf: (tests: readonly string[]) => number;
}

/** Which tests are run for a mutant. Those that fail without any change are no help. */
async function testChoice(
  files: readonly string[],
  { tests, nearest = Number.POSITIVE_INFINITY, mapsAnew, deadlineSeconds }: Options,
  env: Readonly<Record<string, string>>,
): Promise<TestChoice> {
  const reach = await reachOf(files, tests, {
    isAnew: mapsAnew,
    env,
    tell: console.log,
  });
  for (const file of reach.failing) {
    console.log(`${file} fails without any change, and is left out.`);
  }
  const unit = new Set(testFiles(root).unit);
  const isUnit = (file: string) => unit.has(file);
  const testsOf = ({ mark }: Mutant) =>
    reach.testsOf(mark).filter((file) => existsSync(`${root}/${file}`));
  const secondsOf = (group: readonly string[]) =>
    group.reduce((sum, file) => sum + reach.secondsOf(file), 0);
  return {
    groupsOf: (mutant) => {
      const all = testsOf(mutant);
      const others = all.filter((file) => !isUnit(file)).slice(0, nearest);
      const groups = [all.filter(isUnit), others.slice(0, groupSize), others.slice(groupSize)];
      return groups.filter(({ length }) => length > 0);
    },
    leavesOut: (mutant) =>
      tests.length > 0 || testsOf(mutant).filter((file) => !isUnit(file)).length > nearest,
    secondsOf,
    // Tests that wait for something that never comes take as long as they may.
    deadlineOf: (group) => Math.min(deadlineSeconds, Math.ceil(60 + 4 * secondsOf(group))),
  };
}

/** So that an interrupted run has tried as many as it could; but only the score of all of them is true. */
function cheapestFirst(
  mutants: readonly Mutant[],
  { groupsOf, secondsOf }: TestChoice,
): readonly Mutant[] {
  return mutants
    .map((mutant) => ({ mutant, seconds: secondsOf(groupsOf(mutant).flat()) }))
    .toSorted((a, b) => a.seconds - b.seconds)
    .map(({ mutant }) => mutant);
}

async function tried(
  mutant: Mutant,
  { groupsOf, leavesOut, deadlineOf }: TestChoice,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const startedAt = performance.now();
  const ended = (outcome: Omit<Outcome, 'seconds'>): Outcome => ({
    ...outcome,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
  });
  const isHalfTried = leavesOut(mutant) || undefined;
  const groups = groupsOf(mutant);
  if (groups.length === 0) return ended({ ended: 'not entered', isHalfTried });
  const text = mutated(readSource(mutant.file), mutant);
  for (const group of groups) {
    const run = await withTexts(new Map([[mutant.file, text]]), () =>
      runTests(group, { deadlineSeconds: deadlineOf(group), env }),
    );
    if (run.ended === 'too late') return ended({ ended: 'too late' });
    if (run.ended === 'passed') continue;
    const failed = run.files.find(({ hasPassed }) => !hasPassed);
    return ended(failed ? { ended: 'killed', by: failed.failed } : { ended: 'broken' });
  }
  return ended({ ended: 'survived', isHalfTried });
}
