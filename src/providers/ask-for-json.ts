import { requestedSchema } from './package-options.ts';
import type { ModelRequest, PromptMessage } from './provider.ts';

const askForJson: PromptMessage = {
  message: {
    role: 'system',
    content: 'Answer with a single JSON object and nothing else: no text around it, no code fence.',
  },
};

/** Asks for a JSON object in the prompt, for vendors that have no JSON mode. */
export function jsonInWords(request: ModelRequest, title: string) {
  const isAnyJson = request.responseFormat !== undefined && requestedSchema(request) === undefined;
  if (!isAnyJson) return { options: {}, messages: request.messages, warnings: [] };
  return {
    options: { responseFormat: undefined },
    messages: [askForJson, ...request.messages],
    warnings: [
      `${title} has no JSON mode without a schema; a system message was added that asks for JSON.`,
    ],
  };
}
