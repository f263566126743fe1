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
export async function judgeVariables(
  spec: ModelSpec,
  { log, testcase, other }: JudgeItem,
): Promise<Fields> {
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
  const used = Object.entries(variables).filter(([name]) => names.has(name));
  return Object.fromEntries(
    await Promise.all(used.map(async ([name, value]) => [name, await value()] as const)),
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
  const names = new Set(templateNames(spec));
  const paths = tagsIn(JSON.stringify(spec.template)).flatMap((tag) => tag.match(anyPath) ?? []);
  return [...new Set(paths.filter((path) => names.has(path.split('.', 1).join())))];
}

const anyPath = /(?<![\w.])[\p{ID_Start}_][\p{ID_Continue}]*(?:\.[a-zA-Z_]\w*)*(?![\w(])/gu;

/** The tags of a template. Two searches, since one pattern would look for each end anew. */
function tagsIn(text: string): readonly string[] {
  const tags: string[] = [];
  const begin = /\{[{%]/g;
  const end = /[%}]\}/g;
  for (let found = begin.exec(text); found; found = begin.exec(text)) {
    end.lastIndex = begin.lastIndex;
    if (!end.test(text)) break;
    tags.push(text.slice(found.index, end.lastIndex));
    begin.lastIndex = end.lastIndex;
  }
  return tags;
}

/** The whole prompt of a log as it was sent: the text of a completion, the messages of a chat. */
async function sentPrompt(log: JudgedLog): Promise<string | readonly ChatMessage[]> {
  const spec = (log['prompt'] ?? log['agent']) as ModelSpec | undefined;
  const template = spec ? await renderedTemplate(spec, log) : [];
  if (spec?.endpoint === 'complete') return String(template[0]?.content ?? '');
  return [...template, ...((log['messages'] ?? []) as readonly ChatMessage[])];
}

async function renderedTemplate(spec: ModelSpec, log: JudgedLog): Promise<readonly ChatMessage[]> {
  const language = spec.template_language ?? modelDefaults.template_language;
  try {
    return await renderTemplate(spec.template ?? null, language, (log['inputs'] ?? {}) as Fields);
  } catch (error) {
    // Your own code may log other inputs than its template has. Then the messages are all there is.
    if (error instanceof PlatformError) return [];
    throw error;
  }
}

function withoutNulls(fields: object): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
