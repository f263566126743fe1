import { type Fault, invalid, PlatformError } from '../../kernel/errors.ts';

/**
 * The error for one or more inputs that a template needs and the request lacks.
 *
 * @param inputsLoc the place of the inputs in the request: `['body', 'inputs']`.
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
 * The error for one or more references to snippets that do not exist.
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

/** The error for a template with a syntax error, or one that fails while it is rendered. */
export function templateFailed(loc: Fault['loc'], reason: string, line: number): PlatformError {
  return invalid(loc, `The template fails on line ${line}: ${reason}.`, 'template_error');
}

/** The error for a rendering that exceeded a limit. */
export function templateTooCostly(reason: string, inputsLoc: Fault['loc']): PlatformError {
  return invalid(inputsLoc, `The template was not rendered: ${reason}.`, 'template_limit');
}
