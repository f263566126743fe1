import { parseExactJson } from '../../kernel/exact-json.ts';
import { ExactNumber } from '../../kernel/exact-number.ts';
import { longTurn } from '../../kernel/long-turns.ts';
import { ThreadEnded, WorkThread } from '../../kernel/work-thread.ts';
import { JinjaError, MissingInputs, runJinja } from './jinja-engine.ts';
import type { Rendering } from './rendering.ts';
import { missingInputs, templateFailed, templateTooCostly } from './template-errors.ts';
import { cheapFuel, fullFuel, longTurnFuel } from './template-limits.ts';
import type { TemplateText } from './template-texts.ts';

/**
 * Renders texts in Jinja, without escaping. What takes little is rendered at once; the rest is begun
 * anew in a thread, since the server answers nobody else meanwhile.
 *
 * @throws `invalid` for missing inputs, an error in the template, or a limit.
 */
export async function renderJinja(
  texts: readonly TemplateText[],
  { inputs, inputsLoc, organizationId = '' }: Rendering,
): Promise<readonly string[]> {
  const sources = texts.map(({ text }) => text);
  let outcome = jinjaOutcome(sources, inputs, cheapFuel);
  if (isLimited(outcome)) {
    await longTurn(organizationId);
    outcome = jinjaOutcome(sources, inputs, longTurnFuel);
  }
  if (isLimited(outcome)) outcome = await dearOutcome(organizationId, sources, inputs);
  switch (outcome.type) {
    case 'rendered':
      return outcome.texts;
    case 'missing':
      throw missingInputs(outcome.names, inputsLoc);
    case 'failed': {
      const { message, line, textIndex } = outcome;
      const place = texts[textIndex];
      if (line === undefined || !place) throw templateTooCostly(message, inputsLoc);
      throw templateFailed(place.loc, message, line);
    }
  }
}

/** Without a line it was a limit that ended the rendering. */
function isLimited(outcome: JinjaOutcome): boolean {
  return outcome.type === 'failed' && outcome.line === undefined;
}

/** How a rendering ended, as a value that can go from thread to thread. */
type JinjaOutcome =
  | { readonly type: 'rendered'; readonly texts: readonly string[] }
  | { readonly type: 'missing'; readonly names: readonly string[] }
  | ({ readonly type: 'failed' } & Pick<JinjaError, 'message' | 'line' | 'textIndex'>);

function jinjaOutcome(
  texts: readonly string[],
  inputs: Readonly<Record<string, unknown>>,
  fuel: number,
): JinjaOutcome {
  try {
    return { type: 'rendered', texts: runJinja(texts, inputs, fuel) };
  } catch (error) {
    if (error instanceof MissingInputs) return { type: 'missing', names: error.names };
    if (!(error instanceof JinjaError)) throw error;
    const { message, line, textIndex } = error;
    return { type: 'failed', message, line, textIndex };
  }
}

/** What the thread is asked. */
export interface DearRendering {
  readonly texts: readonly string[];
  /** JSON, because numbers that keep their digits are objects of a class, which no message has. */
  readonly inputs: string;
}

/** Answers the thread's questions. */
export function renderDear({ texts, inputs }: DearRendering): JinjaOutcome {
  return jinjaOutcome(texts, parseExactJson(inputs) as Readonly<Record<string, unknown>>, fullFuel);
}

const thread = new WorkThread<DearRendering, JinjaOutcome>(
  new URL('./jinja-thread.ts', import.meta.url),
  // All the fuel takes less than a second.
  5_000,
);

async function dearOutcome(
  organizationId: string,
  texts: readonly string[],
  inputs: Readonly<Record<string, unknown>>,
): Promise<JinjaOutcome> {
  try {
    return await thread.ask(organizationId, {
      texts,
      inputs: JSON.stringify(inputs, withDigits),
    });
  } catch (error) {
    // JSON.stringify recurses: what is nested too deep for it is so for templates.
    if (!(error instanceof RangeError) && !(error instanceof ThreadEnded)) throw error;
    const reason = error instanceof ThreadEnded ? 'time' : 'nesting';
    const message = `it takes too much ${reason}`;
    return { type: 'failed', message, line: undefined, textIndex: 0 };
  }
}

function withDigits(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? new ExactNumber(String(value)).toJSON() : value;
}
