import { createContext, Script } from 'node:vm';
import { schemaCompiler } from '../../../kernel/schema-check.ts';
import { faultsFromErrors } from '../../../kernel/schema-faults.ts';

/**
 * Milliseconds of processor time that a check may take. A schema can be written so that its check
 * takes hours, by a pattern or by references, and meanwhile the server does nothing else.
 */
const longestCheckMs = 250;

/** Faults that are told; a model mends them one by one anyway. */
const mostFaults = 10;

const check = new Script('check()');

/**
 * What is wrong with the arguments of a call, in a sentence for the model; undefined when they fit,
 * or when the schema is none that can be checked.
 *
 * @param schema the parameters of the tool's function, as its author wrote them.
 */
export function argumentsFault(
  schema: Readonly<Record<string, unknown>> | null | undefined,
  given: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!schema) return undefined;
  const begun = process.cpuUsage();
  for (let attempt = 1; ; attempt++) {
    try {
      const faults = withinTime(attempt * longestCheckMs, () => faultsIn(schema, given));
      if (faults.length === 0) return undefined;
      const told = faults.slice(0, mostFaults).join('; ');
      return `the arguments do not match the schema of the tool. ${told}`;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Any other error is a fault in the schema. The tool is run all the same: refusing every call
      // of it would tell the model of a fault that it cannot mend.
      if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
      // Little processor time went by: the machine was busy, or slept. Check again, for longer: fitting
      // arguments would be refused otherwise.
      const { user, system } = process.cpuUsage(begun);
      if (user + system < longestCheckMs * 1_000) continue;
      return 'the arguments take too long to check against the schema of the tool.';
    }
  }
}

/** @throws ERR_SCRIPT_EXECUTION_TIMEOUT when the work takes longer than so many milliseconds. */
function withinTime<Result>(timeout: number, work: () => Result): Result {
  // Only code that runs through a context can be stopped by a time-out: our checking too, so it
  // is called from there.
  return check.runInContext(createContext({ check: work }), { timeout });
}

function faultsIn(schema: Readonly<Record<string, unknown>>, given: unknown): readonly string[] {
  // `$schema` may name a dialect that the compiler does not have, and it would refuse the schema.
  // `$async` would make the check a promise, which nobody awaits.
  const { $schema, $async, ...plain } = schema;
  const errors = schemaCompiler()(plain)(given);
  return faultsFromErrors(errors).map(({ loc, msg }) =>
    loc.length === 0 ? msg : `\`${loc.join('.')}\`: ${msg}`,
  );
}
