import { createContext, Script } from 'node:vm';
import type { ToolFunction } from '../../../contract/chat.ts';
import { mendedSchema } from '../../../kernel/mended-schema.ts';
import { foreignSchemaCompiler } from '../../../kernel/schema-check.ts';
import { faultsFromErrors } from '../../../kernel/schema-faults.ts';

/**
 * The most milliseconds of processor time for a check. A pattern or reference in a schema can make
 * its check take hours, and the server does nothing else meanwhile.
 */
const longestCheckMs = 250;

/** The most faults in one sentence. A model corrects them one by one anyway. */
const mostFaults = 10;

const check = new Script('check()');

/**
 * A sentence for the model about what is wrong with the arguments of a call; undefined when the
 * arguments fit, or when the schema cannot be checked.
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
      const shown = faults.slice(0, mostFaults).join('; ');
      return `the arguments do not match the schema of the tool. ${shown}`;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Ignore any other error: it is a fault of the schema. The tool runs all the same, because
      // the model could not correct that fault.
      if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
      // Check again, with more time, when little processor time has passed: the machine was busy or
      // asleep, and arguments that fit would be refused otherwise.
      const { user, system } = process.cpuUsage(begun);
      if (user + system < longestCheckMs * 1_000) continue;
      return 'the arguments take too long to check against the schema of the tool.';
    }
  }
}

/**
 * Notes for a log: the words of a tool's schema that could not be understood, so that arguments are
 * not checked against them.
 */
export function uncheckedWords({ name, parameters }: ToolFunction): readonly string[] {
  const { leftOut } = mendedSchema(parameters ?? {});
  if (leftOut.length === 0) return [];
  const words = leftOut.join(', ');
  return [`Arguments of ${name} are not checked against these words of its schema: ${words}.`];
}

/** @throws ERR_SCRIPT_EXECUTION_TIMEOUT when the work takes more than `timeout` milliseconds. */
function withinTime<Result>(timeout: number, work: () => Result): Result {
  // Call the check from inside a context: Node can stop only code that runs through one.
  return check.runInContext(createContext({ check: work }), { timeout });
}

function faultsIn(schema: Readonly<Record<string, unknown>>, given: unknown): readonly string[] {
  const errors = foreignSchemaCompiler()(mendedSchema(schema).schema)(given);
  return faultsFromErrors(errors).map(({ loc, msg }) =>
    loc.length === 0 ? msg : `\`${loc.join('.')}\`: ${msg}`,
  );
}
