import type { ToolFunction } from '../../../contract/chat.ts';
import { longTurn } from '../../../kernel/long-turns.ts';
import { ThreadEnded, WorkThread } from '../../../kernel/work-thread.ts';
import type { KindRun } from '../runtime-parts.ts';
import { checkInTime, type Found, longestCheckMs, wordsLeftOut } from './check-in-time.ts';

type Schema = Readonly<Record<string, unknown>>;

/** The run that asks for a check: what of it bounds the time of its checks. */
export interface CheckingRun {
  readonly parts: { readonly runLimits: Pick<KindRun['parts']['runLimits'], 'checksMs'> };
  /** Shared by all runs of a tree. */
  readonly below: object;
  readonly workspace: { readonly organizationId: string };
}

/** The most faults in one sentence. A model corrects them one by one anyway. */
const mostFaults = 10;

/**
 * A sentence for the model about what is wrong with the arguments of a call; undefined when the
 * arguments fit, or when the schema cannot be checked.
 *
 * A check that takes long is begun anew in a thread, since the server answers nobody else meanwhile.
 * A run and those below it have some time of that thread, and no more.
 *
 * @param schema the parameters of the tool's function, as its author wrote them.
 */
export async function argumentsFault(
  run: CheckingRun,
  schema: Schema | null | undefined,
  given: Schema,
): Promise<string | undefined> {
  if (!schema) return undefined;
  let found: Found;
  try {
    found = await checkAtOnce(run, schema, given);
    if (!found) {
      const { checksMs } = run.parts.runLimits;
      if ((spent.get(run.below) ?? 0) >= checksMs) {
        return `the arguments were not checked against the schema of the tool, so it was not run: such checks have taken ${checksMs} ms of this run, which is the limit (RUN_CHECKS_MILLISECONDS).`;
      }
      found = await checkAside(run, {
        schema: JSON.stringify(schema),
        given: JSON.stringify(given),
      });
    }
  } catch (error) {
    if (error instanceof ThreadEnded) found = undefined;
    // Ignore any other error: it is a fault of the schema. The tool runs all the same, because the
    // model could not correct that fault.
    else return undefined;
  }
  if (!found) return 'the arguments take too long to check against the schema of the tool.';
  if (found.length === 0) return undefined;
  return `the arguments do not match the schema of the tool. ${found.slice(0, mostFaults).join('; ')}`;
}

/**
 * Notes for a log: the words of a tool's schema that could not be understood, so that arguments are
 * not checked against them.
 */
export function uncheckedWords({ name, parameters }: ToolFunction): readonly string[] {
  const leftOut = wordsLeftOut(parameters ?? {});
  if (leftOut.length === 0) return [];
  const words = leftOut.join(', ');
  return [`Arguments of ${name} are not checked against these words of its schema: ${words}.`];
}

/** Milliseconds that checks may take of one turn of the event loop. Nearly all take less than one. */
const mostMsOfTurn = 10;
/** Milliseconds that a check may take of a turn of its own. */
const mostMsOfLongTurn = 50;

let leftOfTurn = mostMsOfTurn;

/** How often the check with a schema took a long turn's time. The first one has to load and compile. */
const dear = new WeakMap<Schema, number>();
const mostAttempts = 2;

/** @returns undefined when the check takes more than a turn of the event loop may. */
async function checkAtOnce(
  { workspace }: CheckingRun,
  schema: Schema,
  given: Schema,
): Promise<Found> {
  const attempts = dear.get(schema) ?? 0;
  if (attempts >= mostAttempts) return undefined;
  const quickly = checkInRestOfTurn(schema, given);
  if (quickly) return quickly;
  await longTurn(workspace.organizationId);
  const found = checkInTime(schema, given, mostMsOfLongTurn);
  if (!found) dear.set(schema, attempts + 1);
  return found;
}

function checkInRestOfTurn(schema: Schema, given: Schema): Found {
  // A timer of less than a millisecond never ends.
  if (leftOfTurn < 1) return undefined;
  if (leftOfTurn === mostMsOfTurn) {
    setImmediate(() => {
      leftOfTurn = mostMsOfTurn;
    });
  }
  const begun = performance.now();
  const found = checkInTime(schema, given, Math.ceil(leftOfTurn));
  leftOfTurn -= performance.now() - begun;
  return found;
}

/** What the thread is asked, as JSON: numbers that keep their digits are objects of a class. */
export interface DearCheck {
  readonly schema: string;
  readonly given: string;
}

/** What the thread answers: what was found, and the milliseconds of the clock that it took. */
export interface DearFound {
  readonly found: Found;
  readonly ms: number;
}

const thread = new WorkThread<DearCheck, DearFound>(
  new URL('./arguments-thread.ts', import.meta.url),
  20 * longestCheckMs,
);

/** Milliseconds of the thread, by what the runs of a tree share. */
const spent = new WeakMap<object, number>();

async function checkAside({ below, workspace }: CheckingRun, check: DearCheck): Promise<Found> {
  const add = (ms: number) => spent.set(below, (spent.get(below) ?? 0) + ms);
  // Taken before, since many calls of a run ask at once.
  add(longestCheckMs);
  const { found, ms } = await thread.ask(workspace.organizationId, check);
  add(Math.min(ms, longestCheckMs) - longestCheckMs);
  return found;
}
