import { type Fault, PlatformError } from '../../kernel/errors.ts';
import { schemaCompiler } from '../../kernel/schema-check.ts';
import { faultsFromErrors } from '../../kernel/schema-faults.ts';
import { withTypedNumbers } from '../../kernel/typed-numbers.ts';
import type { FileKind } from '../kind.ts';
import { readSpecText, type SpecText } from './read-spec-text.ts';
import { type TextFault, textRefused } from './text-faults.ts';

const compile = schemaCompiler();

/**
 * The spec that the text of a file defines, ready for `canonicalSpec`.
 *
 * @throws `invalid` at `body.{type}`, with all faults, each with line and column.
 */
export function parseSpecText(kind: FileKind, text: string): Readonly<Record<string, unknown>> {
  return checkedSpec(kind, readSpecText(kind, text));
}

/** The spec of a text that was read, if it has no faults; see {@link parseSpecText}. */
export function checkedSpec(kind: FileKind, read: SpecText): Readonly<Record<string, unknown>> {
  const faults = [...read.faults];
  const fields = withTypedNumbers(read.fields, kind.spec) as SpecText['fields'];
  const add = (found: readonly Fault[]) => {
    faults.push(...placed(read, found));
  };
  if (read.hasFields) add(faultsFromErrors(compile(kind.spec)(fields)));
  if (faults.length === 0) add(contradictions(kind, fields));
  if (faults.length > 0) throw textRefused(read.text, faults, ['body', kind.type]);
  return fields;
}

/** Faults of a spec as faults of the text that it was read from. */
export function placed(read: SpecText, faults: readonly Fault[]): readonly TextFault[] {
  return faults.map(({ loc, msg, type }) => ({
    offset: read.offsetOf(loc),
    msg: `\`${loc.join('.')}\`: ${msg}`,
    type,
  }));
}

/** Faults of a spec that a schema cannot describe. */
function contradictions(kind: FileKind, fields: Readonly<Record<string, unknown>>) {
  try {
    kind.links(kind.canonicalSpec(fields));
    return [];
  } catch (error) {
    if (!(error instanceof PlatformError && error.faults)) throw error;
    return error.faults.map((fault) => ({ ...fault, loc: fault.loc.slice(1) }));
  }
}
