import { type Fault, invalid, PlatformError } from '../../kernel/errors.ts';

/** Inputs that a template asks for and a call does not have; at least one. */
export function missingInputs(names: readonly string[]): PlatformError {
  const faults = names.map((name) => ({
    loc: ['body', 'inputs', name],
    msg: `The template needs an input named ${name}.`,
    type: 'missing',
  }));
  const list = names.join(', ');
  return new PlatformError('invalid', 'invalid', `The template needs more inputs: ${list}.`, {
    faults,
  });
}

/** A template that does not parse, or does something that cannot be done. */
export function templateFailed(loc: Fault['loc'], reason: string, line: number): PlatformError {
  return invalid(loc, `The template fails on line ${line}: ${reason}.`, 'template_error');
}

/** A rendering that was given up, for what it would have cost. */
export function templateTooCostly(reason: string): PlatformError {
  return invalid(['body', 'inputs'], `The template was not rendered: ${reason}.`, 'template_limit');
}
