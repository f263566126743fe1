import { isRecord } from '../../kernel/json-object.ts';
import type { Note } from '../mender.ts';
import { addCallPiece, type FoldedCall, wholeCall } from '../openai/call-pieces.ts';
import { merge } from '../openai/merge-chunks.ts';
import type { ModelEvent } from '../provider.ts';
import { Nonsense } from '../vendor-failure.ts';
import type { ReadingFold } from '../wire.ts';
import { contentOf } from './message-parts.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Events that say something. */
const pieces = new Set([
  'content-start',
  'content-delta',
  'tool-plan-delta',
  'tool-call-start',
  'tool-call-delta',
]);

/** Events that say nothing more. */
const markers = new Set(['content-end', 'citation-end', 'tool-call-end', 'ping']);

/** Builds the body of a chat from the events of a stream. */
export function foldEvents(note?: Note): ReadingFold {
  let top: Fields = {};
  let message: Fields = {};
  let end: Fields = {};
  const content = new Map<unknown, Fields>();
  const calls: FoldedCall[] = [];
  const citations: unknown[] = [];

  /** Adds to the part of an index, which may not have been begun. */
  function addContent(index: unknown, said: Fields): readonly ModelEvent[] {
    return contentOf(said).flatMap((piece) => {
      content.set(index, joined(content.get(index) ?? {}, piece));
      return eventsOf(piece);
    });
  }

  function addCalls(index: unknown, { tool_calls: given }: Fields): readonly ModelEvent[] {
    for (const call of (Array.isArray(given) ? given : [given]).filter(isRecord)) {
      addCallPiece(calls, { index, ...call }, merge);
    }
    return [];
  }

  function addEvent(event: Fields): readonly ModelEvent[] {
    const { type, index, delta: given, ...ofEvent } = event;
    const delta = isRecord(given) ? given : {};
    const said = isRecord(delta['message']) ? delta['message'] : {};
    // Who knows what is lost.
    if (given == null && pieces.has(String(type))) {
      throw new Nonsense('sent a piece of its answer that cannot be read.', body());
    }
    switch (type) {
      case 'message-start': {
        const { content: _content, tool_calls: _calls, citations: _none, ...rest } = said;
        top = { ...ofEvent, ...(index !== undefined && { index }) };
        message = rest;
        return [...addContent(0, said), ...addCalls(undefined, said), ...eventsOf(rest)];
      }
      case 'content-start':
      case 'content-delta':
        return addContent(index, said);
      case 'tool-plan-delta':
        message = joined(message, { tool_plan: said['tool_plan'] });
        return eventsOf({ tool_plan: said['tool_plan'] });
      case 'tool-call-start':
      case 'tool-call-delta':
        return addCalls(index, said);
      case 'citation-start':
        citations.push(said['citations']);
        return [];
      case 'message-end':
        end = delta;
        return [];
      default:
        if (!markers.has(String(type))) note?.(`an event of the unknown kind \`${String(type)}\``);
        return [];
    }
  }

  return {
    add(event) {
      if (!isRecord(event)) return [];
      // A whole answer, although a stream was asked for.
      if (event['type'] !== undefined || !isRecord(event['message'])) return addEvent(event);
      const { message: whole, finish_reason, usage, ...ofEvent } = event;
      end = { finish_reason, usage };
      return addEvent({ ...ofEvent, type: 'message-start', delta: { message: whole } });
    },
    body,
  };

  function body() {
    return {
      ...top,
      message: {
        ...message,
        content: [...content.values()],
        ...(calls.length > 0 && { tool_calls: calls.map(wholeCall) }),
        ...(citations.length > 0 && { citations }),
      },
      ...end,
    };
  }
}

function eventsOf({ text, thinking, tool_plan: plan }: Fields): readonly ModelEvent[] {
  return [
    { type: 'reasoning' as const, delta: thinking },
    { type: 'reasoning' as const, delta: plan },
    { type: 'text' as const, delta: text },
  ].flatMap(({ type, delta }) =>
    typeof delta === 'string' && delta !== '' ? [{ type, delta }] : [],
  );
}

/** Appends texts to the fields of the same name; a type stays. */
function joined(before: Fields, more: Fields): Fields {
  const texts = Object.entries(more).filter(([, value]) => typeof value === 'string');
  return {
    ...before,
    ...Object.fromEntries(
      texts.map(([key, text]) => [key, key === 'type' ? text : `${before[key] ?? ''}${text}`]),
    ),
  };
}
