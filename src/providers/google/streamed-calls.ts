import { isRecord } from '../../kernel/json-object.ts';

type Fields = Readonly<Record<string, unknown>>;
type Writable = Record<string, unknown>;

/** Joins the pieces of calls whose arguments are streamed. */
export interface CallJoiner {
  /** Takes the next part of a content; returns the parts that it completes. */
  add(part: unknown): readonly unknown[];
  /** The call whose end has not come. */
  rest(): readonly unknown[];
  /** The same, after which it is complete. */
  end(): readonly unknown[];
}

/**
 * Gemini may stream the arguments of a call: its name first, then values with the places that they
 * stand at, until a piece without `willContinue`. See `partialArgs` at
 * https://docs.cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/Content#PartialArg.
 */
export function joinCalls(): CallJoiner {
  let open: { part: Fields; readonly call: Fields; readonly args: Writable } | undefined;

  function rest(): readonly unknown[] {
    return open ? [{ ...open.part, functionCall: { ...open.call, args: open.args } }] : [];
  }

  function end(): readonly unknown[] {
    const closed = rest();
    open = undefined;
    return closed;
  }

  return {
    add(part) {
      if (!isRecord(part) || !isRecord(part['functionCall'])) return [...end(), part];
      const { functionCall, ...ofPart } = part;
      const { partialArgs, willContinue, ...call } = functionCall as Fields;
      const begins = typeof call['name'] === 'string' && call['name'] !== '';
      const isPiece = Array.isArray(partialArgs) || typeof willContinue === 'boolean';
      const before = begins ? end() : [];
      if (begins ? !isPiece : open === undefined) return [...before, part];
      open ??= { part: {}, call, args: isRecord(call['args']) ? { ...call['args'] } : {} };
      open.part = { ...open.part, ...ofPart };
      for (const piece of Array.isArray(partialArgs) ? partialArgs : []) addValue(open.args, piece);
      const goesOn = willContinue === true || (Array.isArray(partialArgs) && goOn(partialArgs));
      return goesOn ? before : [...before, ...end()];
    },
    rest,
    end,
  };
}

/** Whether a value goes on in the next piece. */
function goOn(pieces: readonly unknown[]): boolean {
  return pieces.some((piece) => isRecord(piece) && piece['willContinue'] === true);
}

/** Sets a value at its place; the pieces of a text are joined. */
function addValue(args: Writable, piece: unknown) {
  const { jsonPath, stringValue, numberValue, boolValue } = isRecord(piece) ? piece : {};
  const steps = stepsOf(String(jsonPath ?? ''));
  const last = steps.pop();
  if (last === undefined) return;
  let place = args;
  steps.forEach((step, at) => {
    const next = place[step] ?? (typeof (steps[at + 1] ?? last) === 'number' ? [] : {});
    setField(place, step, next);
    place = next as Writable;
  });
  const before = Object.hasOwn(place, last) ? place[last] : undefined;
  const isText = typeof before === 'string' && typeof stringValue === 'string';
  const value = stringValue ?? numberValue ?? boolValue ?? null;
  setField(place, last, isText ? `${before}${stringValue}` : value);
}

/** No path is longer: a pattern looks for the end of each quoted name anew. */
const longestPath = 2_000;

/** The steps of `$.a.b[0]['c']`. */
function stepsOf(path: string): (string | number)[] {
  return [...path.slice(0, longestPath).matchAll(step)].map(([, index, quoted, name]) =>
    index === undefined ? (quoted ?? name ?? '') : Number(index),
  );
}

const step = /\[(\d+)\]|\[['"](.*?)['"]\]|\.([^.[\]]+)/g;

/** With an assignment, `__proto__` would set the prototype. */
function setField(place: Writable, step: string | number, value: unknown) {
  Object.defineProperty(place, step, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
