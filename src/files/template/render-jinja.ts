import type { PlatformError } from '../../kernel/errors.ts';
import { JinjaError, runJinja } from './jinja-engine.ts';
import { jinjaReads } from './jinja-variables.ts';
import type { Rendering } from './rendering.ts';
import { missingInputs, templateFailed, templateTooCostly } from './template-errors.ts';
import type { TemplateText } from './template-texts.ts';

/**
 * Renders texts in Jinja, without escaping.
 *
 * @throws `invalid` for a missing input, an error in the template, or a limit.
 */
export function renderJinja(texts: readonly TemplateText[], rendering: Rendering): string[] {
  try {
    return runJinja(
      texts.map(({ text }) => text),
      rendering.inputs,
    );
  } catch (error) {
    if (!(error instanceof JinjaError)) throw error;
    const place = texts[error.textIndex];
    throw place === undefined ? error : platformError(error, place, rendering);
  }
}

function platformError(
  { message, line }: JinjaError,
  { text, loc }: TemplateText,
  { inputs, inputsLoc }: Rendering,
): PlatformError {
  if (line === undefined) return templateTooCostly(message, inputsLoc);
  const missing = message === 'undefined value' ? missingOnLine(text, line, inputs) : [];
  return missing.length > 0
    ? missingInputs(missing, inputsLoc)
    : templateFailed(loc, message, line);
}

// The inputs that are missing on a line. MiniJinja reports the line but not the name. Empty if all
// inputs of the line exist: then something inside of one of them is undefined.
function missingOnLine(
  text: string,
  line: number,
  inputs: Readonly<Record<string, unknown>>,
): string[] {
  const names = jinjaReads(text)
    .filter((read) => read.line === line && !read.isGuarded && !Object.hasOwn(inputs, read.name))
    .map(({ name }) => name);
  return [...new Set(names)];
}
