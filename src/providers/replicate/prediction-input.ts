import type { ChatMessage } from '../../contract/chat.ts';
import { completionPrompt, inabilities } from '../completion.ts';
import type { ModelRequest } from '../provider.ts';

/** The input of a prediction, and a warning for each part of the request that it cannot hold. */
export interface PredictionInput {
  readonly input: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/**
 * A request as the input of a prediction. Each model on Replicate names its own inputs; these names
 * are common to its language models (https://replicate.com/meta/meta-llama-3-70b-instruct, read in
 * November 2026).
 *
 * @param other further inputs; they replace ours.
 */
export function predictionInput(
  request: ModelRequest,
  other: ModelRequest['other'],
  title: string,
): PredictionInput {
  const warnings = [
    ...inabilities(request, { title, hasCompletions: true, hasLogprobs: false }),
    ...leftOut(request, title),
  ];
  const stops = request.stop ?? [];
  if (stops.some((stop) => stop.includes(','))) {
    warnings.push(
      `${title} separates stop sequences with commas, so a stop sequence cannot contain one.`,
    );
  }
  const input = {
    ...writePrompt(request, title, warnings),
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    stop_sequences: stops.length > 0 ? stops.join(',') : undefined,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    seed: request.seed,
    ...other,
  };
  return { input, warnings };
}

function leftOut({ tools, responseFormat, reasoningEffort }: ModelRequest, title: string) {
  return [
    ...(tools.length > 0 ? [`${title} does not support tools; they were left out.`] : []),
    ...(responseFormat ? [`${title} does not support a response format; it was left out.`] : []),
    ...(reasoningEffort === undefined
      ? []
      : [`${title} does not support reasoning effort; it was left out.`]),
  ];
}

function writePrompt(request: ModelRequest, title: string, warnings: string[]) {
  if (request.endpoint === 'complete') return { prompt: completionPrompt(request) };
  const messages = request.messages.map(({ message }) => message);
  const isSystem = ({ role }: ChatMessage) => role === 'system' || role === 'developer';
  const system = messages.filter(isSystem).map(joinTexts).join('\n');
  const turns = messages.filter((message) => !isSystem(message));
  if (messages.some(({ content }) => Array.isArray(content) && content.some(isImage))) {
    warnings.push(`${title} does not accept images in messages; they were left out.`);
  }
  const [only] = turns;
  const isOne = turns.length === 1 && only?.role === 'user';
  if (!isOne) {
    warnings.push(`${title} takes a single text; the conversation was written into it.`);
  }
  return {
    prompt: isOne ? joinTexts(only) : writtenOut(turns),
    system_prompt: system === '' ? undefined : system,
  };
}

const isImage = (part: { readonly type: string }) => part.type === 'image_url';

const speakers = { user: 'User', assistant: 'Assistant', tool: 'Tool' } as const;

function writtenOut(turns: readonly ChatMessage[]): string {
  const lines = turns.map(
    (message) => `${speakers[message.role as keyof typeof speakers]}: ${joinTexts(message)}`,
  );
  return [...lines, 'Assistant:'].join('\n\n');
}

function joinTexts({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
