import { createContext, Script } from 'node:vm';
import { mendedSchema } from '../../../kernel/mended-schema.ts';
import { foreignSchemaCompiler, type SchemaCheck } from '../../../kernel/schema-check.ts';
import { faultsFromErrors } from '../../../kernel/schema-faults.ts';

/** What a check found. Undefined: it took too long, and was ended. */
export type Found = readonly string[] | undefined;

type Schema = Readonly<Record<string, unknown>>;

/**
 * Says what is wrong with arguments, one text for each fault; none when they fit, or when the schema
 * cannot be checked.
 *
 * @param longestMs milliseconds of the clock, after which the check is ended.
 */
export function checkInTime(schema: Schema, given: unknown, longestMs: number): Found {
  const found = withinTime(longestMs, () => faultsIn(schema, given));
  // The compiler may have been stopped halfway, and takes a schema for compiled that is not.
  if (!found) checks.delete(schema);
  return found;
}

/**
 * Milliseconds of processor time that the thread of checks takes at most for one. A pattern or
 * reference in a schema can make its check take hours.
 */
export const longestCheckMs = 250;

/**
 * As {@link checkInTime}, but by the processor's time: on a busy machine, arguments that fit would be
 * refused otherwise.
 */
export function checkInProcessorTime(schema: Schema, given: unknown): Found {
  const begun = process.cpuUsage();
  for (let attempt = 1; ; attempt++) {
    const found = checkInTime(schema, given, attempt * longestCheckMs);
    if (found) return found;
    const { user, system } = process.cpuUsage(begun);
    if (user + system >= longestCheckMs * 1_000) return undefined;
  }
}

/** The words of a schema that could not be understood; none when it takes too long to find them. */
export function wordsLeftOut(schema: Schema): readonly string[] {
  return withinTime(longestReadMs, () => mendedSchema(schema).leftOut) ?? [];
}

const longestReadMs = 50;

function faultsIn(schema: Schema, given: unknown): readonly string[] {
  let check = checks.get(schema);
  if (!check) {
    check = foreignSchemaCompiler()(mendedSchema(schema).schema);
    checks.set(schema, check);
  }
  return faultsFromErrors(check(given)).map(({ loc, msg }) =>
    loc.length === 0 ? msg : `\`${loc.join('.')}\`: ${msg}`,
  );
}

/** To compile a schema takes longer than to check with it. */
const checks = new WeakMap<Schema, SchemaCheck>();

// Call the work from inside a context: Node can stop only code that runs through one.
const context: { work?: () => unknown } = createContext({});
const script = new Script('work()');

function withinTime<Result>(timeout: number, work: () => Result): Result | undefined {
  context.work = work;
  try {
    return script.runInContext(context, { timeout });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
