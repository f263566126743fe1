import { JinjaError, MissingInputs, runJinja } from './jinja-engine.ts';
import type { Rendering } from './rendering.ts';
import { missingInputs, templateFailed, templateTooCostly } from './template-errors.ts';
import type { TemplateText } from './template-texts.ts';

/**
 * Renders texts in Jinja, without escaping.
 *
 * @throws `invalid` for missing inputs, an error in the template, or a limit.
 */
export function renderJinja(
  texts: readonly TemplateText[],
  { inputs, inputsLoc }: Rendering,
): string[] {
  try {
    return runJinja(
      texts.map(({ text }) => text),
      inputs,
    );
  } catch (error) {
    if (error instanceof MissingInputs) throw missingInputs(error.names, inputsLoc);
    const place = error instanceof JinjaError ? texts[error.textIndex] : undefined;
    if (!(error instanceof JinjaError) || !place) throw error;
    if (error.line === undefined) throw templateTooCostly(error.message, inputsLoc);
    throw templateFailed(place.loc, error.message, error.line);
  }
}
