import { isRecord } from '../../kernel/json-object.ts';
import { clipText } from '../../kernel/text.ts';
import type { Rendering } from './rendering.ts';
import { missingInputs, templateTooCostly, unknownSnippets } from './template-errors.ts';
import { maxRenderedLength } from './template-limits.ts';
import type { TemplateText } from './template-texts.ts';

// Linear: no two attempts read the same characters, because none goes beyond a brace.
const placeholder = /\{\{([^{}]*)\}\}/g;

// What a placeholder for a snippet has inside: `tool(argument)`, as the official v5 SDKs write it.
const toolReference = /^\s?([a-zA-Z_\-\d]+)\(([a-zA-Z_\-\d,\s"]+)\)\s?$/;

/** The variables of a text in order, one entry for each use. */
export function defaultVariables(text: string): string[] {
  return Array.from(text.matchAll(placeholder), ([, inside = '']) =>
    toolReference.test(inside) ? undefined : variableIn(inside),
  ).filter((name) => name !== undefined);
}

/** Whether a text has a reference to a tool: `{{ tool(argument) }}`. */
export function hasToolReference(text: string): boolean {
  return Array.from(text.matchAll(placeholder)).some(([, inside = '']) =>
    toolReference.test(inside),
  );
}

/**
 * The name in a placeholder: all that is there, whatever its signs, without the spaces around it.
 * Undefined where nothing is named: in empty braces, and around JSON, whose braces some write twice
 * because Python's `format` wants that.
 */
function variableIn(inside: string): string | undefined {
  const name = inside.trim();
  return name === '' || /^["']/.test(name) ? undefined : name;
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
    if (input === undefined) missing.add(clipText(name, longestShown));
    return asText(input);
  };

  const snippetText = (tool: string, argument: string): string => {
    const key = keyIn(argument);
    const reason = whyNoSnippet(snippets?.get(tool), tool, key);
    if (reason === undefined) return asText(snippets?.get(tool)?.[key]);
    unknown.set(shown(`${tool}(${key})`), reason);
    return '';
  };

  const textFor = (match: string, inside: string): string => {
    const [, tool, argument = ''] = toolReference.exec(inside) ?? [];
    if (tool !== undefined) return snippets === undefined ? match : snippetText(tool, argument);
    const name = variableIn(inside) ?? (Object.hasOwn(inputs, inside.trim()) ? inside.trim() : '');
    return name === '' ? match : inputText(name);
  };

  const insert = (match: string, inside: string): string => {
    let text = inserted.get(match);
    if (text === undefined) {
      text = textFor(match, inside);
      inserted.set(match, text);
    }
    length += text.length;
    if (length > maxRenderedLength) {
      throw templateTooCostly('its inputs add too much text', inputsLoc);
    }
    return text;
  };

  const rendered = texts.map(({ text }) => text.replace(placeholder, insert));
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

/** Characters of a name that an error shows. */
const longestShown = 200;

const wholePath = /^[^.[\]]+(?:\.[^.[\]]+|\[[^.[\]]+\])*$/;
const pathKey = /\[(["'])([^.[\]]+)\1\]|[^.[\]]+/g;

/** The input with a name, or else at the path that the name is; undefined if there is neither. */
export function valueAt(inputs: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(inputs, name)) return inputs[name];
  if (!wholePath.test(name)) return undefined;
  const path = Array.from(name.matchAll(pathKey), ([key, , quoted]) => quoted ?? key);
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
  return isRecord(value) || Array.isArray(value);
}
