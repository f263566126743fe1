import { completionPrompt } from '../completion.ts';
import type { ModelAnswer, ModelRequest } from '../provider.ts';

/** The request body that OpenAI would receive, with `other` added on top. */
export function requestBody(request: ModelRequest): Record<string, unknown> {
  const { tools } = request;
  const asked =
    request.endpoint === 'complete'
      ? { prompt: completionPrompt(request), suffix: request.suffix }
      : { messages: request.messages.map(({ message }) => message) };
  return defined({
    model: request.model,
    ...asked,
    tools:
      tools.length > 0 ? tools.map((tool) => ({ type: 'function', function: tool })) : undefined,
    tool_choice: request.toolChoice,
    stream: request.stream || undefined,
    max_tokens: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    stop: request.stop,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    seed: request.seed,
    response_format: request.responseFormat,
    reasoning_effort: request.reasoningEffort,
    ...request.other,
  });
}

/**
 * The response body that OpenAI would send. The same request gives the same body, so it contains no
 * time.
 */
export function responseBody(
  { model, endpoint }: ModelRequest,
  turn: number,
  { message, finishReason, usage }: Pick<ModelAnswer, 'message' | 'finishReason' | 'usage'>,
): Record<string, unknown> {
  const { thinking, ...rest } = message;
  const [thought] = thinking ?? [];
  const reasoning = thought?.type === 'thinking' ? thought.thinking : undefined;
  const { cacheReadTokens, reasoningTokens } = usage;
  const promptTokens = (usage.inputTokens ?? 0) + (cacheReadTokens ?? 0);
  const completionTokens = usage.outputTokens ?? 0;
  const isCompletion = endpoint === 'complete';
  const said = isCompletion
    ? { text: rest.content, logprobs: null }
    : { message: defined({ ...rest, reasoning_content: reasoning }) };
  return {
    id: `${isCompletion ? 'cmpl' : 'chatcmpl'}-mock-${turn}`,
    object: isCompletion ? 'text_completion' : 'chat.completion',
    created: 0,
    model,
    choices: [{ index: 0, ...said, finish_reason: finishReason }],
    usage: defined({
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details:
        cacheReadTokens === null ? undefined : { cached_tokens: cacheReadTokens },
      completion_tokens_details:
        reasoningTokens === null ? undefined : { reasoning_tokens: reasoningTokens },
    }),
  };
}

/** The fields without those that are undefined, which JSON does not have. */
function defined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
