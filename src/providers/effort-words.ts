import type { ModelRequest } from './provider.ts';

/** How much a model is to think, as one of the words that most vendors take. */
export type EffortWord = 'low' | 'medium' | 'high';

/** The word for an effort; a budget of tokens is sent as the nearest one, with a warning. */
export function effortWord(
  { reasoningEffort: effort }: ModelRequest,
  title: string,
): { readonly effort: EffortWord | undefined; readonly warnings: readonly string[] } {
  if (typeof effort !== 'number') return { effort, warnings: [] };
  const word = wordOf(effort);
  const warning = `${title} has no budget of reasoning tokens; ${effort} was sent as \`${word}\`.`;
  return { effort: word, warnings: [warning] };
}

/** Those who write budgets take them for Anthropic's models. */
function wordOf(budget: number): EffortWord {
  if (budget <= 4_096) return 'low';
  return budget <= 16_384 ? 'medium' : 'high';
}
