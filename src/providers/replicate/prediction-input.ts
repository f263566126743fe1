import type { ChatMessage } from '../../contract/chat.ts';
import { completionPrompt, inabilities } from '../completion.ts';
import type { ModelRequest } from '../provider.ts';

/** What a prediction is asked for, and what there is no place for. */
export interface PredictionInput {
  readonly input: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

/**
 * A request as the input of a prediction. Each model of Replicate's names its inputs itself; these
 * are the names that its language models share (https://replicate.com/meta/meta-llama-3-70b-instruct,
 * read in November 2026).
 *
 * @param other further inputs, which win.
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
    warnings.push(`${title} has commas between stop sequences, so that none can hold one.`);
  }
  const input = {
    ...promptOf(request, title, warnings),
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
    ...(tools.length > 0 ? [`${title} has no tools; they were left out.`] : []),
    ...(responseFormat ? [`${title} has no response format; it was left out.`] : []),
    ...(reasoningEffort === undefined
      ? []
      : [`${title} has no reasoning effort; it was left out.`]),
  ];
}

function promptOf(request: ModelRequest, title: string, warnings: string[]) {
  if (request.endpoint === 'complete') return { prompt: completionPrompt(request) };
  const messages = request.messages.map(({ message }) => message);
  const isSystem = ({ role }: ChatMessage) => role === 'system' || role === 'developer';
  const system = messages.filter(isSystem).map(textOf).join('\n');
  const turns = messages.filter((message) => !isSystem(message));
  if (messages.some(({ content }) => Array.isArray(content) && content.some(isImage))) {
    warnings.push(`${title} takes no images in messages; they were left out.`);
  }
  const [only] = turns;
  const isOne = turns.length === 1 && only?.role === 'user';
  if (!isOne) {
    warnings.push(`${title} takes one text; the conversation was written out in it.`);
  }
  return {
    prompt: isOne ? textOf(only) : writtenOut(turns),
    system_prompt: system === '' ? undefined : system,
  };
}

const isImage = (part: { readonly type: string }) => part.type === 'image_url';

const speakers = { user: 'User', assistant: 'Assistant', tool: 'Tool' } as const;

function writtenOut(turns: readonly ChatMessage[]): string {
  const lines = turns.map(
    (message) => `${speakers[message.role as keyof typeof speakers]}: ${textOf(message)}`,
  );
  return [...lines, 'Assistant:'].join('\n\n');
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n');
}
