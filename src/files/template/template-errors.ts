import { type Fault, invalid, PlatformError } from '../../kernel/errors.ts';

/**
 * Inputs that a template asks for and a request does not have; at least one.
 *
 * @param inputsLoc where the request has its inputs: `['body', 'inputs']`.
 */
export function missingInputs(names: readonly string[], inputsLoc: Fault['loc']): PlatformError {
  const faults = names.map((name) => ({
    loc: [...inputsLoc, name],
    msg: `The template needs an input named ${name}.`,
    type: 'missing',
  }));
  const list = names.join(', ');
  return new PlatformError('invalid', 'invalid', `The template needs more inputs: ${list}.`, {
    faults,
  });
}

/**
 * References to tools that insert nothing; at least one.
 *
 * @param reasons by the reference: `greetings(formal)`.
 */
export function unknownSnippets(reasons: ReadonlyMap<string, string>): PlatformError {
  const faults = Array.from(reasons, ([reference, reason]) => ({
    loc: ['body', 'template', reference],
    msg: `The template names \`${reference}\`, ${reason}.`,
    type: 'template_error',
  }));
  const message = faults.map(({ msg }) => msg).join(' ');
  return new PlatformError('invalid', 'invalid', message, { faults });
}

/** A template that does not parse, or does something that cannot be done. */
export function templateFailed(loc: Fault['loc'], reason: string, line: number): PlatformError {
  return invalid(loc, `The template fails on line ${line}: ${reason}.`, 'template_error');
}

/** A rendering that was given up, for what it would have cost. */
export function templateTooCostly(reason: string, inputsLoc: Fault['loc']): PlatformError {
  return invalid(inputsLoc, `The template was not rendered: ${reason}.`, 'template_limit');
}
