import { isRecord } from '../../kernel/json-object.ts';
import type { Mender, Note } from '../mender.ts';
import { mendBlocks } from './mend-blocks.ts';
import { blocksOf, essentialBlock, isOtherBlock, text } from './message-blocks.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The package wants counts; ours are taken from the body as it came. */
const noUsage = { input_tokens: 0, output_tokens: 0 };

/** Blocks in the start of a message get numbers that no block after it has. */
const FIRST_INDEX_OF_START = 100_000;

/**
 * Mends Anthropic's messages, which other servers speak too: blocks that begin with content, or are
 * never begun or ended, and whatever is new: "new event types may be added", says
 * https://platform.claude.com/docs/en/api/versioning.
 */
export function mendMessages(note: Note): Required<Mender> {
  const blocks = mendBlocks(note);
  let hasBegun = false;
  let hasReason = false;
  let hasStopped = false;

  function start(message: Fields): unknown[] {
    if (hasBegun) return [];
    hasBegun = true;
    return [startOf(message), ...blocksOf(message['content']).filter(isRecord).flatMap(wholeBlock)];
  }

  function wholeBlock(block: Fields, at: number): unknown[] {
    const index = FIRST_INDEX_OF_START + at;
    return [...blocks.begin(index, block), ...blocks.end(index)];
  }

  function finish(end: Fields): unknown[] {
    hasReason ||= typeof end['stop_reason'] === 'string';
    return [...blocks.endAll(), { type: 'message_delta', delta: reasonOf(end), usage: noUsage }];
  }

  function stop(): unknown[] {
    if (hasStopped) return [];
    hasStopped = true;
    return [...blocks.endAll(), { type: 'message_stop' }];
  }

  function add(event: unknown): readonly unknown[] {
    if (!isRecord(event)) return [];
    const { type, index, error, message, content_block: block, delta } = event;
    const at = Number(index ?? 0) || 0;
    if (error != null || type === 'error') return [errorEvent(event)];
    switch (type) {
      case 'message_start':
        return start(isRecord(message) ? message : {});
      // Without its block or piece, the package says that it cannot be read: who knows what is lost.
      case 'content_block_start':
        return isRecord(block) ? blocks.begin(at, block) : [event];
      case 'content_block_delta':
        return isRecord(delta) ? blocks.goOn(at, delta) : [event];
      case 'content_block_stop':
        return blocks.end(at);
      case 'message_delta':
        return finish(isRecord(delta) ? delta : {});
      case 'message_stop':
        return stop();
      // A whole answer, although a stream was asked for.
      case 'message':
        return [...start(event), ...finish(event), ...stop()];
      case 'ping':
        return [];
      default:
        note(`an event of the unknown kind \`${String(type)}\``);
        return [];
    }
  }

  return {
    events: { add, isFinished: () => hasReason, end: () => (hasReason ? stop() : []) },
    body: (body) => mendedBody(body, moreOf, note),
    essence: (body) => mendedBody(body, () => undefined, note),
  };
}

function startOf({ id, model }: Fields): unknown {
  return {
    type: 'message_start',
    message: { id: known(id), model: known(model), role: 'assistant', usage: noUsage },
  };
}

function reasonOf({ stop_reason: reason, stop_sequence: sequence }: Fields): Fields {
  return { stop_reason: known(reason), stop_sequence: known(sequence) };
}

/** @param more what to keep of a block beyond its essence; undefined: nothing. */
function mendedBody(
  given: unknown,
  more: (block: Fields) => Fields | undefined,
  note: Note,
): unknown {
  if (!isRecord(given) || given['error'] != null) return given;
  const content = blocksOf(given['content'])
    .filter(isRecord)
    .flatMap((block) => {
      const kept = { ...more(block), ...essentialBlock(block) };
      if (Object.keys(kept).length > 0) return [kept];
      note(`a block that cannot be read (\`${String(block['type'])}\`)`);
      return [];
    });
  return {
    type: 'message',
    id: known(given['id']),
    model: known(given['model']),
    content,
    ...reasonOf(given),
    usage: noUsage,
  };
}

/** What the package can make of a block beyond its essence. */
function moreOf(block: Fields): Fields | undefined {
  if (isOtherBlock(block)) return block;
  const { type, citations } = block;
  return type === 'text' && Array.isArray(citations) ? { citations } : undefined;
}

/** An error in Anthropic's form: proxies also send OpenAI's, or a text. */
function errorEvent({ error, message }: Fields): unknown {
  const said = isRecord(error) ? error : { message: error ?? message };
  return {
    type: 'error',
    error: {
      ...said,
      type: text(said['type']) || 'api_error',
      message: text(said['message']) || JSON.stringify(said),
    },
  };
}

function known(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
