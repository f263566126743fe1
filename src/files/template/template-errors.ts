import { type Fault, invalid, PlatformError } from '../../kernel/errors.ts';

/**
 * For at least one input that a template needs and the request lacks.
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
  return new PlatformError('invalid', 'invalid', `The template is missing inputs: ${list}.`, {
    faults,
  });
}

/**
 * For at least one reference to a tool that has no such snippet.
 *
 * @param reasons by the reference: `greetings(formal)`.
 */
export function unknownSnippets(reasons: ReadonlyMap<string, string>): PlatformError {
  const faults = Array.from(reasons, ([reference, reason]) => ({
    loc: ['body', 'template', reference],
    msg: `The template refers to \`${reference}\`, ${reason}.`,
    type: 'template_error',
  }));
  const message = faults.map(({ msg }) => msg).join(' ');
  return new PlatformError('invalid', 'invalid', message, { faults });
}

/** For a template with a syntax error, or one that fails while it is rendered. */
export function templateFailed(loc: Fault['loc'], reason: string, line: number): PlatformError {
  return invalid(loc, `The template fails on line ${line}: ${reason}.`, 'template_error');
}

/** For a rendering that exceeded a limit. */
export function templateTooCostly(reason: string, inputsLoc: Fault['loc']): PlatformError {
  return invalid(inputsLoc, `The template was not rendered: ${reason}.`, 'template_limit');
}
