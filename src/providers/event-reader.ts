import { vendorJson } from './vendor-json.ts';

/** What a stream of events holds: a piece of the answer, its end, or text that is neither. */
export type StreamPiece =
  | { readonly type: 'chunk'; readonly value: unknown }
  | { readonly type: 'error'; readonly value: unknown }
  | { readonly type: 'stray'; readonly text: string }
  | { readonly type: 'done' };

export interface EventReader {
  /** Takes the next characters of a stream, cut anywhere; returns the pieces that they complete. */
  add(text: string): readonly StreamPiece[];
  /** The pieces that the last line completes, though nothing ended it. */
  end(): readonly StreamPiece[];
}

/**
 * Reads a stream of JSON events as servers really write it. It is more lenient than
 * https://html.spec.whatwg.org/multipage/server-sent-events.html: an event is complete with the line
 * that completes its JSON, so no empty line is needed; JSON without `data:` counts, on one line or on
 * several; and what keeps a connection alive is passed over in any form.
 */
export function eventReader(): EventReader {
  /** The start of a line whose end has not come, in pieces: to join them each time is quadratic. */
  let rest: string[] = [];
  /** The start of an event whose JSON goes on in the next line. */
  let open = '';
  let isErrorEvent = false;
  /** Characters that may still be read in vain, to find where JSON on several lines ends. */
  let spare = 4_000_000;

  function add(text: string): readonly StreamPiece[] {
    const pieces: StreamPiece[] = [];
    const mayEndLine = /[\r\n]/.test(text) || rest.at(-1)?.endsWith('\r');
    rest.push(text);
    if (!mayEndLine) return pieces;
    const all = rest.join('');
    // A carriage return at the end may be the first half of a line break.
    const whole = all.endsWith('\r') ? all.slice(0, -1) : all;
    const lines = whole.includes('\r') ? whole.split(/\r\n|\n|\r/) : whole.split('\n');
    rest = [`${lines.pop() ?? ''}${all.slice(whole.length)}`];
    for (const line of lines) addLine(line, pieces);
    return pieces;
  }

  function addLine(line: string, pieces: StreamPiece[]) {
    const text = line.trim();
    if (text === '') {
      closeEvent(pieces);
    } else if (text.startsWith('data:')) {
      // A proxy that wraps events once more repeats the name of the field.
      addData(text.replace(/^(?:data:\s*)+/, ''), pieces);
    } else if (text.startsWith('error:')) {
      // llama.cpp sends its errors in a field of their own.
      isErrorEvent = true;
      addData(text.slice('error:'.length).trim(), pieces);
    } else if (text.startsWith('event:')) {
      isErrorEvent = /^event:\s*error$/.test(text);
    } else if (open !== '' || /^[{[]/.test(text)) {
      // JSON that stands in no event: an error, or a whole answer.
      addData(line.trimEnd(), pieces);
    }
  }

  function addData(text: string, pieces: StreamPiece[]) {
    if (/^\[?done\]?$/i.test(text)) {
      pieces.push({ type: 'done' });
      return;
    }
    const isFirst = open === '';
    open = isFirst ? text : `${open}\n${text}`;
    if (isErrorEvent || !isJson(open)) closeEvent(pieces);
    // JSON that goes over several lines ends in a line that is not indented.
    else if (/[}\]]$/.test(text) && !/^\s/.test(text) && (isFirst || spare > 0)) {
      // Each try reads all of the event, so that thousands of such lines would take quadratic time.
      if (!closeJson(pieces) && !isFirst) spare -= open.length;
    }
  }

  function closeEvent(pieces: StreamPiece[]) {
    if (open !== '' && isErrorEvent) pieces.push({ type: 'error', value: vendorJson(open) });
    else if (open !== '' && !closeJson(pieces) && !keepsAlive(open)) {
      pieces.push({ type: 'stray', text: open });
    }
    open = '';
    isErrorEvent = false;
  }

  /** @returns whether the event is whole. */
  function closeJson(pieces: StreamPiece[]): boolean {
    const value = isJson(open) ? vendorJson(open) : open;
    if (typeof value === 'string') return false;
    pieces.push({ type: 'chunk', value });
    open = '';
    return true;
  }

  return {
    add,
    end() {
      const pieces: StreamPiece[] = [];
      addLine(rest.join(''), pieces);
      closeEvent(pieces);
      rest = [];
      return pieces;
    },
  };
}

function isJson(text: string): boolean {
  return text.startsWith('{') || text.startsWith('[');
}

const LONGEST_KEEP_ALIVE = 100;

/** One word, or words that say that the answer still comes. */
function keepsAlive(text: string): boolean {
  if (text.length > LONGEST_KEEP_ALIVE) return false;
  if (isJson(text)) return /^\[[\w.-]+\]$/.test(text);
  const words = text.toLowerCase().match(/[\w.-]+/g) ?? [];
  return (
    words.length < 2 || /^(?:keep|ping|heartbeat|processing|waiting|still)/.test(words[0] ?? '')
  );
}
