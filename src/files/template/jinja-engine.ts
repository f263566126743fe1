import { JinjaFault, UndefinedFault } from './jinja/faults.ts';
import { type Fuel, OutOfFuel, withFuel } from './jinja/fuel.ts';
import { parseTemplate } from './jinja/parse-template.ts';
import { renderTemplateBody } from './jinja/render.ts';
import { maxRenderedLength } from './template-limits.ts';

/** Why rendering stopped: an error of the template, with its line, or a limit, without a line. */
export class JinjaError extends Error {
  readonly textIndex: number;
  readonly line: number | undefined;

  constructor(message: string, textIndex: number, line: number | undefined) {
    super(message);
    this.name = 'JinjaError';
    this.textIndex = textIndex;
    this.line = line;
  }
}

/** The inputs that templates need and do not get, in the order of their use. */
export class MissingInputs extends Error {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super('inputs are missing');
    this.name = 'MissingInputs';
    this.names = names;
  }
}

/**
 * Renders each text as Jinja, all of them with so much fuel, which bounds time and memory.
 *
 * @throws JinjaError, MissingInputs
 */
export function runJinja(
  texts: readonly string[],
  inputs: Readonly<Record<string, unknown>>,
  fuel: Fuel,
): string[] {
  const rendered: string[] = [];
  const missing = new Set<string>();
  let length = 0;
  try {
    withFuel(fuel, () => {
      for (const text of texts) {
        const result = renderTemplateBody(parseTemplate(text), inputs, missing);
        length += result.length;
        if (length > maxRenderedLength) throw new OutOfFuel('its output is too long');
        rendered.push(result);
      }
    });
  } catch (error) {
    if (error instanceof UndefinedFault && error.input !== undefined) missing.add(error.input);
    else throw asJinjaError(error, rendered.length);
  }
  if (missing.size > 0) throw new MissingInputs([...missing]);
  return rendered;
}

function asJinjaError(error: unknown, textIndex: number): unknown {
  if (error instanceof JinjaFault) return new JinjaError(error.message, textIndex, error.line ?? 1);
  if (error instanceof OutOfFuel) return new JinjaError(error.message, textIndex, undefined);
  // The interpreter recurses: what is nested too deep, or calls itself for ever, is out of stack.
  if (error instanceof RangeError) {
    return new JinjaError('it takes too much memory or nesting', textIndex, undefined);
  }
  return error;
}
