import type { ChatMessage, ToolFunction } from '../../contract/chat.ts';
import type { ModelRequest } from '../provider.ts';
import { argumentsFromSchema, valueFromSchema } from './arguments-from-schema.ts';
import type { Draft, DraftCall } from './draft.ts';
import { rejected } from './failures.ts';
import { mentioned } from './mentions.ts';
import { plainText } from './plain-text.ts';
import { userWords } from './user-words.ts';

/**
 * The mock's answer when no script gives one: it reports tool results, else calls the tools that
 * the user mentions, else repeats what the user said. The same request always gets the same answer.
 *
 * @throws ProviderFailure (rejected) when the tool choice names a tool that is not in the request.
 */
export function answer(request: ModelRequest): Draft {
  const messages = request.messages.map(({ message }) => message);
  const results = trailingResults(messages);
  if (results.length > 0) return reportResults(request, messages, results);

  const said = lastSaid(messages);
  const tools = toolsToCall(request, said);
  const plan =
    tools.length > 0
      ? `I will call ${tools.map(({ name }) => name).join(' and ')}.`
      : 'I will say what I was told.';
  const reasoning = thought(request, `${quote(said)} ${plan}`);
  if (tools.length === 0)
    return { reasoning, content: inFormat(request, said.text, echo(said)), toolCalls: [] };
  return { reasoning, content: '', toolCalls: tools.map((tool) => draftCall(tool, said, request)) };
}

/** The last user message; without one, the last message of any kind. */
interface Said {
  readonly text: string;
  readonly isUser: boolean;
  /** Whether no message answers it yet. */
  readonly isOpen: boolean;
}

/** So many characters are looked through for words that mean something. */
const longestRead = 100_000;

function lastSaid(messages: readonly ChatMessage[]): Said {
  const userAt = messages.findLastIndex(({ role }) => role === 'user');
  const message = messages[userAt] ?? messages.at(-1);
  const answeredAt = messages.findLastIndex(({ role }) => role === 'assistant');
  return {
    text: message === undefined ? '' : plainText(message).slice(0, longestRead),
    isUser: userAt >= 0,
    isOpen: userAt > answeredAt,
  };
}

function trailingResults(messages: readonly ChatMessage[]): readonly ChatMessage[] {
  return messages.slice(messages.findLastIndex(({ role }) => role !== 'tool') + 1);
}

function reportResults(
  request: ModelRequest,
  messages: readonly ChatMessage[],
  results: readonly ChatMessage[],
): Draft {
  const calls = messages.at(-results.length - 1)?.tool_calls ?? [];
  const reported = results.map((result) => {
    const call = calls.find(({ id }) => id === result.tool_call_id);
    return { name: call?.function.name ?? result.name ?? 'tool', text: plainText(result) };
  });
  const report = reported.map(({ name, text }) => `${name} says: ${shortened(text)}`).join('\n');
  const reasoning = thought(request, 'The tools have answered. I will report what they say.');
  const stop = request.toolChoice === 'none' ? undefined : request.tools.find(takesOutput);
  // A stop tool whose result is in the conversation has not stopped the run, and would not do so
  // now.
  if (stop !== undefined && !reported.some(({ name }) => name === stop.name)) {
    const call = { name: stop.name, arguments: JSON.stringify({ output: report }) };
    return { reasoning, content: '', toolCalls: [call] };
  }
  const content = inFormat(request, report, report);
  return { reasoning, content, toolCalls: [] };
}

function toolsToCall({ tools, toolChoice }: ModelRequest, said: Said): ToolFunction[] {
  if (toolChoice === 'none') return [];
  if (typeof toolChoice === 'object') {
    const { name } = toolChoice.function;
    const tool = tools.find((tool) => tool.name === name);
    if (tool === undefined)
      throw rejected(`tool_choice names ${name}, which is not among the tools`);
    return [tool];
  }
  const names =
    said.isUser && said.isOpen
      ? mentioned(
          said.text,
          tools.map(({ name }) => name),
        )
      : [];
  const named = names.flatMap((name) => tools.find((tool) => tool.name === name) ?? []);
  if (named.length > 0 || toolChoice !== 'required') return named;
  const [first] = tools;
  if (first === undefined) throw rejected('tool_choice is required, and there are no tools');
  return [first];
}

function draftCall(tool: ToolFunction, said: Said, { tools }: ModelRequest): DraftCall {
  const names = tools.map(({ name }) => name);
  const args = takesOutput(tool)
    ? JSON.stringify({ output: echo(said) })
    : argumentsFromSchema(tool.parameters, userWords(said.text, names));
  return { name: tool.name, arguments: args };
}

/** Whether a tool looks like one that ends a run: its only parameter is a text named `output`. */
function takesOutput({ parameters }: ToolFunction): boolean {
  const properties = parameters?.['properties'];
  if (typeof properties !== 'object' || properties === null) return false;
  const [[name, schema] = [], ...others] = Object.entries<unknown>({ ...properties });
  if (name !== 'output' || others.length > 0) return false;
  return (
    typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'string'
  );
}

/** A text in the requested format; for a schema, a value that is filled from the user's words. */
function inFormat({ responseFormat }: ModelRequest, said: string, text: string): string {
  if (responseFormat === undefined) return text;
  const given = responseFormat.json_schema;
  if (responseFormat.type === 'json_object' || !given) return JSON.stringify({ answer: text });
  // OpenAI wraps the schema in an object with a name; other vendors give it bare.
  const schema = given['schema'] ?? given;
  return JSON.stringify(valueFromSchema(schema, 'answer', userWords(said)));
}

function echo({ text, isUser }: Said): string {
  return `${isUser ? 'You said' : 'The prompt says'}: ${shortened(text)}`;
}

function thought({ reasoningEffort }: ModelRequest, text: string): string {
  return reasoningEffort === undefined ? '' : text;
}

function quote({ text, isUser }: Said): string {
  return `${isUser ? 'The user says' : 'The prompt says'} "${shortened(text, 80)}".`;
}

function shortened(text: string, length = 1_000): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
