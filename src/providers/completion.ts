import type { ModelRequest } from './provider.ts';

/** What a vendor supports besides continuing a conversation. */
export interface Abilities {
  readonly title: string;
  /** Whether it can continue a text. When not, the text is sent as a user message. */
  readonly hasCompletions: boolean;
  /** Whether it reports the probabilities of tokens. */
  readonly hasLogprobs: boolean;
}

/** The text to continue: the content of the request's only message. */
export function completionPrompt({ messages }: ModelRequest): string {
  const content = messages[0]?.message.content;
  return typeof content === 'string' ? content : '';
}

/** One warning for each part of a request that a vendor does not support. */
export function inabilities(
  { endpoint, suffix, logprobs }: ModelRequest,
  { title, hasCompletions, hasLogprobs }: Abilities,
): string[] {
  const warnings: string[] = [];
  const isCompletion = endpoint === 'complete';
  if (isCompletion && !hasCompletions) {
    warnings.push(`${title} does not complete texts; the text was sent as a user message.`);
  }
  if (suffix !== undefined && !(isCompletion && hasCompletions)) {
    warnings.push('Only completions can have a suffix; it was left out.');
  }
  if (logprobs !== undefined && !hasLogprobs) {
    warnings.push(`${title} does not return probabilities; \`logprobs\` was left out.`);
  }
  return warnings;
}
