import type { ModelRequest } from './provider.ts';

/** A reasoning effort, in the words that most vendors accept. */
export type EffortWord = 'low' | 'medium' | 'high';

/** The word for an effort. A token budget becomes the nearest word, with a warning. */
export function effortWord(
  { reasoningEffort: effort }: ModelRequest,
  title: string,
): { readonly effort: EffortWord | undefined; readonly warnings: readonly string[] } {
  if (typeof effort !== 'number') return { effort, warnings: [] };
  const word = nearestWord(effort);
  const warning = `${title} does not accept a number of reasoning tokens; ${effort} was sent as \`${word}\`.`;
  return { effort: word, warnings: [warning] };
}

/** The limits follow Anthropic's models, since token budgets are written for these. */
function nearestWord(budget: number): EffortWord {
  if (budget <= 4_096) return 'low';
  return budget <= 16_384 ? 'medium' : 'high';
}
