import type { Rendering } from './rendering.ts';
import { missingInputs, templateTooCostly, unknownSnippets } from './template-errors.ts';
import { maxRenderedLength } from './template-limits.ts';
import type { TemplateText } from './template-texts.ts';

// The pattern of the official v5 SDKs. Linear: only the outer parts match braces, so no two attempts
// read the same characters.
const variable = /\{\{\s?([a-zA-Z_\d.[\]]+)\s?\}\}/g;

// `{{ tool(argument) }}`. Also the SDKs' pattern, and linear for the same reason.
const toolReference = /\{\{\s?([a-zA-Z_\-\d]+)\(([a-zA-Z_\-\d,\s"]+)\)\s?\}\}/;

const insertion = new RegExp(`${variable.source}|${toolReference.source}`, 'g');

/** The variables of a text in order, one entry for each use. */
export function defaultVariables(text: string): string[] {
  return Array.from(text.matchAll(variable), ([, name = '']) => name);
}

/** Whether a text has a reference to a tool: `{{ tool(argument) }}`. */
export function hasToolReference(text: string): boolean {
  return toolReference.test(text);
}

/**
 * Replaces variables by inputs and tool references by snippets, in one pass.
 *
 * @throws `invalid` for missing inputs, for references that name no snippet, and for a result that
 *   is too long.
 */
export function renderDefault(
  texts: readonly TemplateText[],
  { inputs, inputsLoc, snippets }: Rendering,
): string[] {
  const inserted = new Map<string, string>();
  const missing = new Set<string>();
  const unknown = new Map<string, string>();
  let length = 0;

  const inputText = (name: string): string => {
    const input = valueAt(inputs, name);
    if (input === undefined) missing.add(name);
    return asText(input);
  };

  const snippetText = (tool: string, argument: string): string => {
    const key = keyIn(argument);
    const reason = whyNoSnippet(snippets?.get(tool), tool, key);
    if (reason === undefined) return asText(snippets?.get(tool)?.[key]);
    unknown.set(shown(`${tool}(${key})`), reason);
    return '';
  };

  const insert = (match: string, name = '', tool = '', argument = ''): string => {
    if (tool !== '' && snippets === undefined) return match;
    let text = inserted.get(match);
    if (text === undefined) {
      text = tool === '' ? inputText(name) : snippetText(tool, argument);
      inserted.set(match, text);
    }
    length += text.length;
    if (length > maxRenderedLength) {
      throw templateTooCostly('its inputs add too much text', inputsLoc);
    }
    return text;
  };

  const rendered = texts.map(({ text }) => text.replace(insertion, insert));
  if (missing.size > 0) throw missingInputs([...missing], inputsLoc);
  if (unknown.size > 0) throw unknownSnippets(unknown);
  return rendered;

  function asText(value: unknown): string {
    if (typeof value === 'string') return value;
    if (value === null || value === undefined) return '';
    try {
      return JSON.stringify(value);
    } catch {
      // JSON.stringify ran out of stack: it recurses, while JSON.parse accepted any depth.
      throw templateTooCostly('an input is nested too deeply', inputsLoc);
    }
  }
}

/** The input with a name, or else at the path that the name is; undefined if there is neither. */
export function valueAt(inputs: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(inputs, name)) return inputs[name];
  const path = name.match(/[^.[\]]+/g);
  if (path === null) return undefined;
  let value: unknown = inputs;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The argument of a reference, without its quotes if it has any. */
function keyIn(argument: string): string {
  const trimmed = argument.trim();
  return /^"([^"]*)"$/.exec(trimmed)?.[1] ?? trimmed;
}

/** Why a tool has no snippet with a key, as the end of a sentence; undefined if it has one. */
function whyNoSnippet(
  snippets: Readonly<Record<string, unknown>> | null | undefined,
  tool: string,
  key: string,
): string | undefined {
  if (snippets === undefined) return `but no tool named \`${tool}\` is linked`;
  if (snippets === null) return `but \`${tool}\` is not a tool of type \`snippet\``;
  if (Object.hasOwn(snippets, key)) return undefined;
  return `but \`${tool}\` has no snippet named \`${shown(key)}\``;
}

/** Text for an error message, in which quotes are not allowed. */
function shown(text: string): string {
  return text.replaceAll('"', '');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
