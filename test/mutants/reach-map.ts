import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, readSource, root, runTests, withTexts } from './checkout.ts';
import { withMarks } from './mutants.ts';
import { testFiles } from './test-files.ts';

/** Which test files enter which functions. */
interface ReachMap {
  /** By mark: the test files that come by it. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
  /** By source file: what it was when the map was made. */
  readonly fingerprints: Readonly<Record<string, string>>;
  /** By test file that was run: its seconds. Undefined: it fails without any change, and would kill all mutants. */
  readonly seconds: Readonly<Record<string, number | null>>;
}

/** What the map says, of the test files that it was asked for. */
export interface Reach {
  /** The test files that enter a function, nearest first: those that enter the least else. */
  readonly testsOf: (mark: string) => readonly string[];
  /** How long a test file took, without any change. */
  readonly secondsOf: (test: string) => number;
  /** Test files that fail without any change. */
  readonly failing: readonly string[];
}

const mapFile = join(folder, 'reach.json');
const notes = join(folder, 'reached');
/** Test files of one run. The map is kept after each, so that an interrupted one goes on. */
const partSize = 12;
const deadlineSeconds = 1_800;

/**
 * The map of test files. Those that no earlier run has noted are run now.
 *
 * @param tests parts of the paths of test files; all when there are none.
 */
export async function reachOf(
  files: readonly string[],
  tests: readonly string[],
  {
    isAnew,
    env,
    tell,
  }: {
    readonly isAnew: boolean;
    readonly env: Readonly<Record<string, string>>;
    /** Is told how far it is. */
    readonly tell: (text: string) => void;
  },
): Promise<Reach> {
  let map = (isAnew ? undefined : readMap(files)) ?? newMap(files);
  const isAsked = (test: string) =>
    tests.length === 0 || tests.some((words) => test.includes(words));
  const { unit, server, sandbox } = testFiles(root);
  const missing = (names: readonly string[]) =>
    names.filter((test) => isAsked(test) && map.seconds[test] === undefined);
  const parts = [
    missing(unit),
    ...inParts(missing(server), partSize),
    ...inParts(missing(sandbox), partSize),
  ].filter(({ length }) => length > 0);
  for (const [index, part] of parts.entries()) {
    tell(`Which functions tests enter: part ${index + 1} of ${parts.length}.`);
    map = await withPart(map, files, part, env);
    writeFileSync(mapFile, JSON.stringify(map, null, 1));
  }
  return reach(map, isAsked);
}

/** The map of an earlier run, unless a source has changed since. */
function readMap(files: readonly string[]): ReachMap | undefined {
  try {
    const map = JSON.parse(readFileSync(mapFile, 'utf8')) as ReachMap;
    return files.every((file) => map.fingerprints[file] === fingerprint(file)) ? map : undefined;
  } catch {
    return undefined;
  }
}

function newMap(files: readonly string[]): ReachMap {
  const fingerprints = Object.fromEntries(files.map((file) => [file, fingerprint(file)]));
  return { tests: {}, fingerprints, seconds: {} };
}

/** Runs some test files once, with sources that note who enters them. */
async function withPart(
  map: ReachMap,
  files: readonly string[],
  part: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ReachMap> {
  rmSync(notes, { recursive: true, force: true });
  mkdirSync(notes, { recursive: true });
  const marked = files.map((file) => {
    const up = '../'.repeat(file.split('/').length - 1);
    return [file, withMarks(file, readSource(file), `${up}test/mutants/reached.ts`)] as const;
  });
  const { ended, files: reports } = await withTexts(new Map(marked), () =>
    runTests(part, { deadlineSeconds, env: { ...env, MUTANTS_REACHED: notes }, bail: false }),
  );
  if (ended === 'too late' || reports.length === 0) throw new Error('The tests could not be run.');
  const passed = reports.filter(({ hasPassed }) => hasPassed);
  const seconds = {
    ...map.seconds,
    ...Object.fromEntries(part.map((test) => [test, null])),
    ...Object.fromEntries(passed.map((report) => [report.file, report.seconds])),
  };
  const tests: Record<string, readonly string[]> = { ...map.tests };
  for (const name of readdirSync(notes)) {
    const test = decodeURIComponent(name);
    if (typeof seconds[test] !== 'number') continue;
    for (const mark of new Set(readFileSync(join(notes, name), 'utf8').trim().split('\n'))) {
      tests[mark] = [...(tests[mark] ?? []), test];
    }
  }
  return { ...map, tests, seconds };
}

/**
 * Files of one worker share modules, and only the first of them notes that a module was loaded; so what
 * stands outside of functions is reached by all that enter the file.
 */
function reach({ tests, seconds }: ReachMap, isAsked: (test: string) => boolean): Reach {
  const entered = new Map<string, number>();
  const byFile = new Map<string, Set<string>>();
  for (const [mark, names] of Object.entries(tests)) {
    const all = byFile.get(fileOf(mark)) ?? new Set();
    byFile.set(fileOf(mark), all);
    for (const name of names) {
      all.add(name);
      entered.set(name, (entered.get(name) ?? 0) + 1);
    }
  }
  const nearest = (a: string, b: string) => (entered.get(a) ?? 0) - (entered.get(b) ?? 0);
  return {
    testsOf: (mark) => {
      const all = mark.endsWith('#') ? byFile.get(fileOf(mark)) : tests[mark];
      return [...(all ?? [])].filter(isAsked).toSorted(nearest);
    },
    secondsOf: (test) => seconds[test] ?? 0,
    failing: Object.keys(seconds).filter((test) => seconds[test] === null && isAsked(test)),
  };
}

function fileOf(mark: string): string {
  return mark.slice(0, mark.indexOf('#'));
}

function inParts<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function fingerprint(file: string): string {
  return createHash('sha256').update(readSource(file)).digest('hex').slice(0, 16);
}
