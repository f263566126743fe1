import type { ChatMessage } from '../../../contract/chat.ts';
import { type ModelSpec, modelDefaults } from '../../../contract/kinds/model.ts';
import { valueAt } from '../../../files/template/default-language.ts';
import { renderTemplate, templateVariables } from '../../../files/template/template.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { JudgeItem } from './judge-call.ts';
import type { JudgedLog } from './judged-log.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The variables of a judge's template, by the names that it uses: `log` and `testcase`, whose
 * members are reached by paths, `other` where two logs are compared, and older names for parts of the
 * log.
 *
 * What a testcase does not have is left out. A template that needs a target must fail without one,
 * and not ask the model to compare with nothing.
 */
export function judgeVariables(spec: ModelSpec, { log, testcase, other }: JudgeItem): Fields {
  const variables: Readonly<Record<string, () => unknown>> = {
    log: () => log,
    ...(testcase ? { testcase: () => withoutNulls(testcase) } : {}),
    ...(other ? { other: () => other } : {}),
    log_inputs: () => log['inputs'],
    log_messages: () => log['messages'],
    log_output: () => log['output'],
    log_error: () => log['error'],
    log_prompt: () => sentPrompt(log),
  };
  const names = new Set(templateNames(spec).map((name) => /^\w*/.exec(name)?.[0] ?? ''));
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      names.has(name) ? [[name, value()]] : [],
    ),
  );
}

/** The parts of the variables that a template refers to, by the paths that it uses. */
export function referencedVariables(spec: ModelSpec, variables: Fields): Fields {
  const paths = isJinja(spec) ? jinjaPaths(spec) : templateNames(spec);
  return Object.fromEntries(
    paths.flatMap((path) => {
      const value = valueAt(variables, path);
      return value === undefined ? [] : [[path, value]];
    }),
  );
}

/** The paths of a Jinja template that lead nowhere. Jinja itself does not name them. */
export function deadPaths(spec: ModelSpec, variables: Fields): readonly string[] {
  if (!isJinja(spec)) return [];
  return jinjaPaths(spec).filter((path) => valueAt(variables, path) === undefined);
}

function isJinja({ template_language: language }: ModelSpec): boolean {
  return language === 'jinja';
}

function templateNames({ template, template_language: language }: ModelSpec): readonly string[] {
  return templateVariables(template ?? null, language ?? modelDefaults.template_language);
}

/** `log.inputs.q`: the variables of a Jinja template with the members that follow them. */
function jinjaPaths(spec: ModelSpec): readonly string[] {
  const names = templateNames(spec);
  if (names.length === 0) return [];
  const path = new RegExp(`(?<![\\w.])(?:${names.join('|')})(?:\\.[a-zA-Z_]\\w*)*(?![\\w(])`, 'g');
  const tags = JSON.stringify(spec.template).match(/\{[{%].*?[%}]\}/g) ?? [];
  return [...new Set(tags.flatMap((tag) => tag.match(path) ?? []))];
}

/** The whole prompt of a log as it was sent: the text of a completion, the messages of a chat. */
function sentPrompt(log: JudgedLog): string | readonly ChatMessage[] {
  const spec = (log['prompt'] ?? log['agent']) as ModelSpec | undefined;
  const template = spec ? renderedTemplate(spec, log) : [];
  if (spec?.endpoint === 'complete') return String(template[0]?.content ?? '');
  return [...template, ...((log['messages'] ?? []) as readonly ChatMessage[])];
}

function renderedTemplate(spec: ModelSpec, log: JudgedLog): readonly ChatMessage[] {
  const language = spec.template_language ?? modelDefaults.template_language;
  try {
    return renderTemplate(spec.template ?? null, language, (log['inputs'] ?? {}) as Fields);
  } catch (error) {
    // Your own code may log other inputs than its template has. Then the messages are all there is.
    if (error instanceof PlatformError) return [];
    throw error;
  }
}

function withoutNulls(fields: object): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
