import { canonicalJson } from '../../kernel/canonical-json.ts';
import { parseExactJson } from '../../kernel/exact-json.ts';
import { isRecord, type JsonObject } from '../../kernel/json-object.ts';
import type { McpResult } from './mcp-server.ts';

/**
 * The result of a tool call as text: the tool messages of some vendors can hold nothing else. All
 * text that the result has is in it, in whatever form a server writes it; for other things there is
 * a word.
 */
export function readResult(result: unknown): McpResult {
  if (!isRecord(result)) return { text: textOf(result), isError: false };
  const { content, structuredContent, toolResult, isError } = result;
  const failure = unfinished(result);
  if (failure !== undefined) return { text: failure, isError: true };
  const texts = content == null ? [] : [content].flat().map(textOfPart);
  // Revision 2024-10-07 had the result in `toolResult`.
  const more = [toolResult, structuredContent].filter(
    (value) => value != null && !isSaid(value, texts),
  );
  const parts = [...texts.filter((text) => text !== ''), ...more.map(textOf)];
  const text = parts.length > 0 ? parts.join('\n') : jsonOf(result, ofResults);
  const hasFailed = isError === true || isError === 'true';
  return { text: hasFailed && text === '' ? silentFailure : text, isError: hasFailed };
}

const silentFailure = 'The tool failed, and did not say why.';

function textOfPart(part: unknown): string {
  if (!isRecord(part)) return textOf(part);
  const { type, text, resource, name, title, uri, description } = part;
  switch (type) {
    case 'text':
      return text == null ? jsonOf(part, ofParts) : textOf(text);
    case 'resource':
      return isRecord(resource) ? textOfResource(resource) : textOf(part);
    case 'resource_link': {
      const link = `[${[name ?? title, uri].filter(isText).join(': ')}]`;
      return isText(description) ? `${link} ${description}` : link;
    }
    default:
      // Bytes are of no use to a model, and there may be many of them.
      if (isBytes(part)) return [wordFor(part), textOf(text)].filter(isText).join(' ');
      return jsonOf(part, ofParts) === '' ? textOf(text) : textOf(part);
  }
}

function isBytes({ type, mimeType }: JsonObject): boolean {
  return type === 'image' || type === 'audio' || (isText(mimeType) && !isTextType.test(mimeType));
}

function wordFor({ type, mimeType }: JsonObject): string {
  return `[${[mimeType, type].find(isText) ?? 'data'}]`;
}

function textOfResource({ text, blob, mimeType, uri }: JsonObject): string {
  if (text != null) return textOf(text);
  if (isText(blob) && isText(mimeType) && isTextType.test(mimeType)) {
    return Buffer.from(blob, 'base64').toString();
  }
  return `[${isText(mimeType) ? mimeType : 'binary data'}: ${textOf(uri)}]`;
}

const isTextType = /^text\/|[/+](json|xml|yaml|javascript)\b/i;

/**
 * Whether texts already say a value. Servers should repeat structured content as text; some wrap
 * what the text says in an object with one member `result`.
 */
function isSaid(value: unknown, texts: readonly string[]): boolean {
  const wrapped = isRecord(value) && Object.keys(value).length === 1 ? value['result'] : undefined;
  const forms = [value, wrapped].filter((form) => form != null);
  const joined = texts.join('\n');
  return forms.some((form) => {
    if (joined === textOf(form)) return true;
    const canonical = canonicalJson(form);
    return texts.some((text) => canonicalOf(text) === canonical);
  });
}

function canonicalOf(json: string): string | undefined {
  try {
    return canonicalJson(parseExactJson(json));
  } catch {
    return undefined;
  }
}

/** Why a result is none: the tool goes on, or asks for something first. */
function unfinished({ task, resultType, inputRequests }: JsonObject): string | undefined {
  if (isRecord(task)) {
    return `The tool has begun a task, which cannot be waited for: ${textOf(task)}`;
  }
  if (resultType !== 'input_required') return undefined;
  return `The tool asks for something that it cannot be given here: ${textOf(inputRequests)}`;
}

/** Members of results that say nothing to a model. */
const ofResults = ['content', '_meta', 'isError', 'resultType', 'ttlMs', 'cacheScope'];

/** Members that any part of a result may have. */
const ofParts = ['type', 'text', 'annotations', '_meta'];

/** The other members of an object; empty when there are none. */
function jsonOf(object: JsonObject, known: readonly string[]): string {
  const others = Object.entries(object).filter(
    ([name, value]) => !known.includes(name) && value != null,
  );
  return others.length === 0 ? '' : JSON.stringify(Object.fromEntries(others));
}

function textOf(value: unknown): string {
  if (value == null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
