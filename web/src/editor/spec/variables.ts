import type { Spec } from './spec.ts';
import { textsOf } from './template.ts';

/** The variables of a spec's instructions, in the order of their first use. */
export function variablesOf({ template, template_language: language }: Spec): readonly string[] {
  const find = language === 'jinja' ? jinjaNames : plainNames;
  return [...new Set(textsOf(template).flatMap(find))];
}

/** The name of the input that a variable reads: `user` of `user.name`. */
export function inputOf(variable: string): string {
  return /^[^.[\]]+/.exec(variable)?.[0].trim() ?? variable;
}

/** `{{ name }}`: all that is between the braces. No snippets (`{{ tool(key) }}`), and no JSON. */
function plainNames(text: string): readonly string[] {
  return Array.from(text.matchAll(/\{\{([^{}]*)\}\}/g), ([, inside = '']) => inside.trim()).filter(
    (name) => name !== '' && !/^["']/.test(name) && !/^[\w-]+\([\w\s",-]+\)$/.test(name),
  );
}

/** The names that a Jinja template reads and does not set, as far as they can be told without its grammar. */
function jinjaNames(text: string): readonly string[] {
  const set = new Set([
    ...Array.from(text.matchAll(/\{%-?\s*for\s+([\w\s,]+?)\s+in\b/g), ([, names = '']) =>
      names.split(/[\s,]+/),
    ).flat(),
    ...Array.from(text.matchAll(/\{%-?\s*set\s+(\w+)/g), ([, name = '']) => name),
    ...Array.from(
      text.matchAll(/\{%-?\s*macro\s+(\w+)\(([^)]*)\)/g),
      ([, name = '', given = '']) => [name, ...given.split(/\W+/)],
    ).flat(),
  ]);
  const inside = Array.from(
    text.matchAll(/\{\{([^{}]*)\}\}|\{%([^{}]*)%\}/g),
    ([, said, done]) => said ?? (done ?? '').replace(/^-?\s*\w+/, ''),
  );
  return inside
    .flatMap((code) =>
      Array.from(
        code
          .replaceAll(/"[^"]*"|'[^']*'/g, '')
          .matchAll(/(?<![.|]\s*)(?<!\w)[A-Za-z_]\w*(?!\w*\s*[(=](?!=))/g),
        ([name]) => name,
      ),
    )
    .filter((name) => !set.has(name) && !jinjaWords.has(name));
}

const jinjaWords = new Set(
  'and or not in is if else elif true false none True False None loop defined undefined recursive with without context import as from'.split(
    ' ',
  ),
);
