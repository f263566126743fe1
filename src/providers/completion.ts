import type { ModelRequest } from './provider.ts';

/** What a vendor can do beside going on with a conversation. */
export interface Abilities {
  readonly title: string;
  /** Whether it goes on with a text; if not, the text is sent as a user's message. */
  readonly hasCompletions: boolean;
  /** Whether it tells the probabilities of tokens. */
  readonly hasLogprobs: boolean;
}

/** The text that a completion goes on with: that of its one message. */
export function completionPrompt({ messages }: ModelRequest): string {
  const content = messages[0]?.message.content;
  return typeof content === 'string' ? content : '';
}

/** What a vendor cannot do as a request wants it, one sentence each. */
export function inabilities(
  { endpoint, suffix, logprobs }: ModelRequest,
  { title, hasCompletions, hasLogprobs }: Abilities,
): string[] {
  const warnings: string[] = [];
  const isCompletion = endpoint === 'complete';
  if (isCompletion && !hasCompletions) {
    warnings.push(`${title} completes no texts; the text was sent as a message of a user.`);
  }
  if (suffix !== undefined && !(isCompletion && hasCompletions)) {
    warnings.push('Only completions have a suffix; it was left out.');
  }
  if (logprobs !== undefined && !hasLogprobs) {
    warnings.push(`${title} tells no probabilities; \`logprobs\` was left out.`);
  }
  return warnings;
}
