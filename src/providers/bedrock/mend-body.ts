import { randomUUID } from 'node:crypto';
import { isRecord } from '../../kernel/json-object.ts';
import { inputOf } from '../input-of-call.ts';
import type { Mender, Note } from '../mender.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Mends answers of the Converse API that came as one body: the package refuses all of one for a field
 * that it does not expect. Streams are binary, and are read as they come; see `mayLeaveOut`.
 */
export function mendBody(note: Note): Mender {
  const mended = (body: unknown) => essenceOf(body, note);
  return { body: mended, essence: mended };
}

/** The package wants counts; ours are taken from the body as it came. */
const noUsage = { inputTokens: 0, outputTokens: 0, totalTokens: 0 };

function essenceOf(body: unknown, note: Note): unknown {
  if (!isRecord(body) || !isRecord(body['output'])) return body;
  const { stopReason } = body;
  const content = contentOf(body).flatMap((block) => {
    const known = essentialBlock(block);
    if (known === undefined) note(`a block that cannot be read (\`${Object.keys(block).join()}\`)`);
    return known ?? [];
  });
  return {
    output: { message: { role: 'assistant', content } },
    stopReason: typeof stopReason === 'string' ? stopReason : '',
    usage: noUsage,
  };
}

/** The blocks of a body's message, which may be one block, or a text. */
export function contentOf(body: unknown): readonly Fields[] {
  const output = isRecord(body) ? body['output'] : undefined;
  const message = isRecord(output) ? output['message'] : undefined;
  const content = isRecord(message) ? message['content'] : undefined;
  return (Array.isArray(content) ? content : [content]).flatMap((block) => {
    if (typeof block === 'string') return [{ text: block }];
    return isRecord(block) ? [block] : [];
  });
}

function essentialBlock({ text, toolUse, reasoningContent: thought }: Fields): Fields | undefined {
  if (isRecord(toolUse)) {
    const { toolUseId: id, name, input } = toolUse;
    const toolUseId = typeof id === 'string' ? id : `tooluse_${randomUUID().replaceAll('-', '')}`;
    return {
      toolUse: { toolUseId, name: typeof name === 'string' ? name : '', input: inputOf(input) },
    };
  }
  if (isRecord(thought)) return essentialThought(thought);
  return typeof text === 'string' ? { text } : undefined;
}

function essentialThought(thought: Fields): Fields | undefined {
  const { reasoningText: said, redactedReasoning: hidden, redactedContent } = thought;
  if (isRecord(said) && typeof said['text'] === 'string') {
    const { text, signature } = said;
    const reasoningText = { text, ...(typeof signature === 'string' && { signature }) };
    return { reasoningContent: { reasoningText } };
  }
  if (isRecord(hidden) && typeof hidden['data'] === 'string') {
    return { reasoningContent: { redactedReasoning: { data: hidden['data'] } } };
  }
  return typeof redactedContent === 'string'
    ? { reasoningContent: { redactedContent } }
    : undefined;
}

const knownDeltas = ['text', 'toolUse', 'reasoningContent'];

/** Whether an answer can do without an event of a stream that the package cannot read. */
export function mayLeaveOut(event: unknown): boolean {
  const [[type, payload] = []] = isRecord(event) ? Object.entries(event) : [];
  if (type === undefined || type === 'messageStop' || type.endsWith('Exception')) return false;
  // Without a delta there is no telling what is lost; and what is lost is seen at the end.
  const { delta, start } = isRecord(payload) ? payload : {};
  if (type === 'contentBlockStart') return !(isRecord(start) && 'toolUse' in start);
  return (
    type !== 'contentBlockDelta' ||
    (isRecord(delta) && !Object.keys(delta).some((kind) => knownDeltas.includes(kind)))
  );
}
