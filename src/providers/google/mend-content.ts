import { parseExactJson } from '../../kernel/exact-json.ts';
import { isRecord } from '../../kernel/json-object.ts';
import type { Mender, Note } from '../mender.ts';
import { partsOf } from './content-parts.ts';
import { joinCalls } from './streamed-calls.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Mends Gemini's answers: leaves the package only what an answer is made of, since it refuses all of
 * a chunk for one unknown part, rating or source.
 *
 * @param asOne makes one body of chunks that came as a list.
 */
export function mendContent(note: Note, asOne: (body: unknown) => unknown): Required<Mender> {
  const calls = joinCalls();
  let hasReason = false;

  function mended(given: unknown): unknown {
    if (!isRecord(given)) return {};
    if (given['error'] != null) return given;
    const { candidates = [], promptFeedback, responseId } = given;
    // The package says that it cannot be read: there is no telling what is lost.
    if (candidates !== null && !Array.isArray(candidates)) return given;
    const [candidate] = candidates ?? [];
    const blocked = isRecord(promptFeedback) ? promptFeedback['blockReason'] : undefined;
    return {
      ...(isRecord(candidate) && { candidates: [mendedCandidate(candidate)] }),
      ...(typeof blocked === 'string' && { promptFeedback: { blockReason: blocked } }),
      ...(typeof responseId === 'string' && { responseId }),
    };
  }

  function mendedCandidate({ content, finishReason, finishMessage }: Fields): unknown {
    const isLast = typeof finishReason === 'string';
    hasReason ||= isLast;
    const parts = partsOf(content).flatMap((part) => calls.add(part));
    const last = isLast ? calls.end() : [];
    return {
      content: { role: 'model', parts: [...parts, ...last].flatMap(mendedPart) },
      ...(typeof finishReason === 'string' && { finishReason }),
      ...(typeof finishMessage === 'string' && { finishMessage }),
    };
  }

  function mendedPart(part: unknown): readonly unknown[] {
    if (!isRecord(part)) return [];
    const known = contentOf(part);
    if (known === undefined) {
      const [kind] = Object.keys(part).filter((name) => !ofAnyPart.has(name));
      if (kind !== undefined) note(`a part of the unknown kind \`${kind}\``);
      return [];
    }
    const { thought, thoughtSignature: signature } = part;
    return [
      {
        ...known,
        ...(typeof thought === 'boolean' && { thought }),
        ...(typeof signature === 'string' && { thoughtSignature: signature }),
      },
    ];
  }

  return {
    events: {
      add: (event) => (Array.isArray(event) ? event : [event]).map(mended),
      isFinished: () => hasReason,
      end: () => [],
    },
    body: (body) => mended(asOne(body)),
    essence: (body) => mended(asOne(body)),
  };
}

const ofAnyPart = new Set(['thought', 'thoughtSignature', 'partMetadata', 'videoMetadata', 'text']);

/** The content of a part, in a form that the package reads; undefined for what it does not know. */
function contentOf({
  text,
  functionCall: call,
  inlineData: file,
  executableCode: code,
  codeExecutionResult: result,
  toolCall,
  toolResponse,
}: Fields): Fields | undefined {
  if (isRecord(call)) return { functionCall: mendedCall(call) };
  if (isRecord(file) && hasTexts(file, 'mimeType', 'data')) return { inlineData: file };
  if (isRecord(toolCall) && hasTexts(toolCall, 'toolType', 'id')) return { toolCall };
  if (isRecord(toolResponse) && hasTexts(toolResponse, 'toolType', 'id')) return { toolResponse };
  if (isRecord(code) && hasTexts(code, 'language', 'code')) return { executableCode: code };
  if (isRecord(result) && hasTexts(result, 'outcome')) return { codeExecutionResult: result };
  return typeof text === 'string' ? { text } : undefined;
}

function hasTexts(value: Fields, ...names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}

/** A call with arguments that are an object. */
function mendedCall({ id, name, args }: Fields): Fields {
  return {
    ...(typeof id === 'string' && id !== '' && { id }),
    ...(typeof name === 'string' && { name }),
    args: objectOf(args),
  };
}

function objectOf(args: unknown): unknown {
  if (args == null || args === '') return {};
  if (typeof args !== 'string') return args;
  try {
    return parseExactJson(args);
  } catch {
    return args;
  }
}
