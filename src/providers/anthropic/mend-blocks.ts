import { isRecord } from '../../kernel/json-object.ts';
import type { Note } from '../mender.ts';
import { deltaType, essentialBlock, isOtherBlock, jsonText, text } from './message-blocks.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The blocks of a streamed message, each of which is begun once and ended once. */
export interface BlockMender {
  /** The events for the start of a block, with all the content that the start has. */
  begin(index: number, block: Fields): unknown[];
  /** The events for a piece of a block, which may not have been begun. */
  goOn(index: number, delta: Fields): unknown[];
  /** The events that end a block. */
  end(index: number): unknown[];
  endAll(): unknown[];
}

/** An open block. */
interface Block {
  readonly type: string;
  /** The input of a call, as the block's start had it; used when no pieces of it come. */
  readonly input: unknown;
  hasInput: boolean;
  hasSignature: boolean;
}

export function mendBlocks(note: Note): BlockMender {
  /** By index; undefined for a block that is left out. */
  const open = new Map<number, Block | undefined>();

  /** Begins a block. One that has the same index, and did not end, ends here. */
  function begin(index: number, given: Fields): unknown[] {
    return [...end(index), ...start(index, given)];
  }

  function start(index: number, given: Fields): unknown[] {
    const type = String(given['type']);
    const block = essentialBlock(given) ?? (isOtherBlock(given) ? given : undefined);
    if (block === undefined) {
      note(`a block of the unknown kind \`${type}\``);
      open.set(index, undefined);
      return [];
    }
    const hasSignature = type === 'thinking' && block['signature'] !== '';
    open.set(index, { type, input: given['input'], hasInput: false, hasSignature });
    return startOf(index, block);
  }

  function goOn(index: number, delta: Fields): unknown[] {
    const type = deltaType(delta);
    const began = open.has(index) ? [] : beginFor(index, type);
    const block = open.get(index);
    return block === undefined ? began : [...began, ...pieceOf(index, type, delta, block)];
  }

  /** Begins a block whose start did not come. */
  function beginFor(index: number, type: string): unknown[] {
    if (type === 'text_delta') return begin(index, { type: 'text' });
    if (type === 'thinking_delta') return begin(index, { type: 'thinking' });
    note(`a \`${type}\` without its block`);
    return [];
  }

  function pieceOf(index: number, type: string, delta: Fields, block: Block): unknown[] {
    switch (type) {
      case 'text_delta':
        return piece(index, type, { text: text(delta['text']) });
      case 'thinking_delta':
        return piece(index, type, { thinking: text(delta['thinking']) });
      case 'signature_delta':
        block.hasSignature = true;
        return [event(index, { type, signature: text(delta['signature']) })];
      case 'input_json_delta': {
        const json = jsonText(delta['partial_json']);
        block.hasInput ||= json.trim() !== '';
        return piece(index, type, { partial_json: json });
      }
      case 'citations_delta':
      case 'compaction_delta':
        return [event(index, delta)];
      default:
        note(`a piece of the unknown kind \`${type}\``);
        return [];
    }
  }

  function end(index: number): unknown[] {
    const block = open.get(index);
    open.delete(index);
    return block === undefined ? [] : [...missingOf(index, block), stopOf(index)];
  }

  return { begin, goOn, end, endAll: () => [...open.keys()].flatMap(end) };
}

/** The start of a block, and its content as the pieces that the package reads. */
function startOf(index: number, block: Fields): unknown[] {
  const start = (content: Fields) => ({
    type: 'content_block_start',
    index,
    content_block: content,
  });
  const { type, signature } = block;
  switch (type) {
    case 'text':
      return [start({ type, text: '' }), ...piece(index, 'text_delta', { text: block['text'] })];
    case 'thinking':
      return [
        start({ type, thinking: '' }),
        ...piece(index, 'thinking_delta', { thinking: block['thinking'] }),
        ...piece(index, 'signature_delta', { signature }),
      ];
    case 'tool_use':
      return [start({ ...block, input: {} })];
    default:
      return [start(block)];
  }
}

/** What a block still lacks at its end. */
function missingOf(index: number, { type, input, hasInput, hasSignature }: Block): unknown[] {
  if (type === 'tool_use' && !hasInput && input != null) {
    return piece(index, 'input_json_delta', { partial_json: jsonText(input) });
  }
  // Unsigned thinking, of other servers, is marked so that it is sent back to them.
  return type === 'thinking' && !hasSignature
    ? [event(index, { type: 'signature_delta', signature: '' })]
    : [];
}

function piece(index: number, type: string, fields: Fields): unknown[] {
  const isEmpty = Object.values(fields).every((value) => value === '');
  return isEmpty ? [] : [event(index, { type, ...fields })];
}

function event(index: number, delta: Fields): unknown {
  return { type: 'content_block_delta', index, delta };
}

function stopOf(index: number): unknown {
  return { type: 'content_block_stop', index };
}

/** Whether an event that the package cannot read is one that an answer can do without. */
export function mayLeaveOut(chunk: unknown): boolean {
  if (!isRecord(chunk)) return false;
  const { content_block: block, delta } = chunk;
  if (isRecord(block)) return isOtherBlock(block);
  return isRecord(delta) && /^(?:citations|compaction)_delta$/.test(String(delta['type']));
}
