import type { ChatMessage, ToolCall } from '../contract/chat.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import { isRecord } from '../kernel/json-object.ts';
import { clipText } from '../kernel/text.ts';
import { acceptedName, isAccepted, type NameRule, type NameRules } from './name-rules.ts';
import type { ModelAnswer, ModelRequest, PromptMessage } from './provider.ts';

/** A request whose names its vendor accepts. */
export interface RenamedRequest {
  readonly request: ModelRequest;
  /** Puts the request's own names into the answer. */
  restore(answer: ModelAnswer): ModelAnswer;
  readonly warnings: readonly string[];
}

/**
 * Replaces the names, ids and descriptions that a vendor refuses: each name by the same one in
 * tools, calls and results, so that nothing else in the conversation changes.
 */
export function withAcceptedNames(
  request: ModelRequest,
  { title, names: rules }: { readonly title: string; readonly names: NameRules },
): RenamedRequest {
  const sent = sentNames(request, rules.functions);
  const functionName = (name: string) => sent.get(name) ?? name;
  const { longestDescription = Number.POSITIVE_INFINITY } = rules;
  const cut = request.tools.filter(({ description }) => description.length > longestDescription);
  const { toolChoice } = request;
  const own = new Map([...sent].map(([name, replacement]) => [replacement, name]));
  return {
    request: {
      ...request,
      tools: request.tools.map((tool) => ({
        ...tool,
        name: functionName(tool.name),
        description: clipText(tool.description, longestDescription),
      })),
      messages: withAcceptedIds(request.messages, rules).map((said) =>
        withNames(said, sent, rules.authors),
      ),
      toolChoice:
        typeof toolChoice === 'object'
          ? { ...toolChoice, function: { name: functionName(toolChoice.function.name) } }
          : toolChoice,
    },
    restore: (answer) => (own.size === 0 ? answer : { ...answer, ...renamedCalls(answer, own) }),
    warnings: cut.map(
      ({ name }) =>
        `${title} accepts ${longestDescription} characters of a tool’s description; that of \`${name}\` was cut.`,
    ),
  };
}

/** The function names that are sent in place of others. */
function sentNames(request: ModelRequest, rule: NameRule): ReadonlyMap<string, string> {
  const called = request.messages.flatMap(({ message }) => message.tool_calls ?? []);
  const names = new Set([
    ...request.tools.map(({ name }) => name),
    ...called.map((call) => call.function.name),
  ]);
  const refused = [...names].filter((name) => !isAccepted(name, rule));
  const taken = new Set([...names].filter((name) => isAccepted(name, rule)));
  return new Map(
    refused.map((name) => {
      const free = freeName(acceptedName(name, rule), rule.longest, taken);
      taken.add(free);
      return [name, free];
    }),
  );
}

function freeName(name: string, longest: number, taken: ReadonlySet<string>): string {
  for (let n = 1, free = name; ; n++) {
    if (!taken.has(free)) return free;
    const suffix = `_${n + 1}`;
    free = name.slice(0, longest - suffix.length) + suffix;
  }
}

/**
 * Replaces ids of calls. Which id an id becomes depends on it alone, so that a conversation that
 * grows is sent as before; only the repetitions of an id are numbered.
 */
function withAcceptedIds(
  messages: readonly PromptMessage[],
  { callIds: rule, hasRepeatedIds }: NameRules,
): readonly PromptMessage[] {
  const uses = new Map<string, number>();
  const current = new Map<string, string>();
  const idOf = (id: string) => current.get(id) ?? id;
  return messages.map((said) => {
    const { message, parts } = said;
    const accepts = (id: string) => !rule || said.author !== undefined || isAccepted(id, rule);
    for (const { id } of message.tool_calls ?? []) {
      const use = (uses.get(id) ?? 0) + 1;
      uses.set(id, use);
      const isRepeated = use > 1 && !hasRepeatedIds;
      current.set(
        id,
        accepts(id) && !isRepeated ? id : newId(isRepeated ? `${id}#${use}` : id, rule),
      );
    }
    if (![...current].some(([id, replacement]) => id !== replacement)) return said;
    return {
      ...said,
      message: {
        ...message,
        ...(message.tool_call_id == null ? {} : { tool_call_id: idOf(message.tool_call_id) }),
        ...(message.tool_calls && {
          tool_calls: message.tool_calls.map((call) => ({ ...call, id: idOf(call.id) })),
        }),
      },
      parts: parts?.map((part) =>
        isCallPart(part) ? { ...part, toolCallId: idOf(String(part['toolCallId'])) } : part,
      ),
    };
  });
}

const HASH_LENGTH = 10;

/** An id with a hash of what it replaces, so that no two become one. */
function newId(id: string, { bad, longest }: NameRule = { bad: /[^\w-]/, longest: 64 }): string {
  const start = acceptedName(id, { bad, longest: Math.min(longest, 40) - HASH_LENGTH - 1 });
  return `${start}_${fingerprint(id).slice(0, HASH_LENGTH)}`;
}

function withNames(
  said: PromptMessage,
  sent: ReadonlyMap<string, string>,
  authors: NameRule | undefined,
): PromptMessage {
  const { message } = said;
  const { name } = message;
  const author = authors && name && message.role !== 'tool' ? acceptedName(name, authors) : name;
  const hasOtherCalls = message.tool_calls?.some((call) => sent.has(call.function.name));
  if (author === name && !hasOtherCalls) return said;
  const named = author ? { ...message, name: author } : message;
  return { ...said, ...renamedCalls({ ...said, message: named }, sent) };
}

/** A message and its parts with other names of functions. */
function renamedCalls<Message extends ChatMessage>(
  {
    message,
    parts,
  }: { readonly message: Message; readonly parts?: readonly unknown[] | undefined },
  names: ReadonlyMap<string, string>,
): { readonly message: Message; readonly parts: readonly unknown[] | undefined } {
  const other = (name: string) => names.get(name) ?? name;
  const rename = (call: ToolCall): ToolCall => ({
    ...call,
    function: { ...call.function, name: other(call.function.name) },
  });
  return {
    message: message.tool_calls
      ? { ...message, tool_calls: message.tool_calls.map(rename) }
      : message,
    parts: parts?.map((part) =>
      isCallPart(part) ? { ...part, toolName: other(String(part['toolName'])) } : part,
    ),
  };
}

/** Whether a vendor's own part is a call that we answer. */
function isCallPart(part: unknown): part is Readonly<Record<string, unknown>> {
  return isRecord(part) && part['type'] === 'tool-call' && part['providerExecuted'] !== true;
}
