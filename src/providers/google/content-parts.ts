import { isRecord } from '../../kernel/json-object.ts';

/** The parts of a content, which may be one part, or a text. */
export function partsOf(content: unknown): readonly unknown[] {
  return givenParts(content).map(inCamelCase);
}

function givenParts(content: unknown): readonly unknown[] {
  if (typeof content === 'string') return [{ text: content }];
  if (!isRecord(content)) return [];
  const { parts } = content;
  if (typeof parts === 'string') return [{ text: parts }];
  return Array.isArray(parts) ? parts : isRecord(parts) ? [parts] : [];
}

/** A part with a call in the name that Google's own libraries for Python give it. */
function inCamelCase(part: unknown): unknown {
  if (!isRecord(part) || !isRecord(part['function_call'])) return part;
  const { function_call: functionCall, ...rest } = part;
  return { ...rest, functionCall };
}
