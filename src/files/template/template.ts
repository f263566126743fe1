import type { ChatMessage } from '../../contract/chat.ts';
import { modelDefaults } from '../../contract/kinds/model.ts';
import { invalid } from '../../kernel/errors.ts';
import { defaultVariables, hasToolReference, renderDefault } from './default-language.ts';
import { jinjaVariables } from './jinja-variables.ts';
import { renderJinja } from './render-jinja.ts';
import type { Rendering } from './rendering.ts';
import { longestTemplate } from './template-limits.ts';
import { type TemplateText, textsIn, withTexts } from './template-texts.ts';

/** A version's template: the text of a system message, a list of messages, or none. */
type Template = string | readonly ChatMessage[] | null;

/**
 * `default` has only variables (`{{name}}`) and snippets (`{{ tool(key) }}`); `jinja` is Jinja2
 * without other templates.
 */
export type TemplateLanguage = 'default' | 'jinja';

/**
 * The messages that a template begins a conversation with: a template that is a text becomes one
 * message with the role `system`; null becomes none.
 *
 * Only text and the URLs of images are rendered: tool calls, names and thinking stay as they are. What an input brings in is never rendered again. Only the inputs' own
 * properties count, so `{{constructor}}` is missing like any other name.
 *
 * In the default language a variable is looked up as one name, then as a path (`user.name`,
 * `items[0]`); strings come in as they are, null as nothing, the rest as JSON. A reference to a
 * tool (`{{ tool(key) }}`, `{{ tool("key") }}`) inserts the snippet that it names. In Jinja a
 * template cannot load another one, values are spelled as Python spells them, and a final newline
 * is kept.
 *
 * @throws `invalid` (invalid), with one fault for each missing variable, or for each reference to a
 *   tool that names no snippet; for Jinja also for errors in the template. Either language has a
 *   limit on what comes out, Jinja on its work too.
 */
export async function renderTemplate(
  template: Template,
  language: TemplateLanguage,
  inputs: Readonly<Record<string, unknown>>,
  given: Pick<Rendering, 'snippets' | 'organizationId'> = {},
): Promise<ChatMessage[]> {
  const rendering = { ...given, inputs, inputsLoc: ['body', 'inputs'] };
  return renderMessages(templateMessages(template), language, rendering);
}

/** The template of a version, and its language (default: `default`). */
export interface TemplateSpec {
  readonly template?: Template | undefined;
  readonly template_language?: TemplateLanguage | null | undefined;
}

/**
 * A template, as a text or as messages, with its inputs and snippets inserted; null if there is
 * none. Faults are placed as if the inputs were the whole body.
 *
 * @throws `invalid` (invalid) as {@link renderTemplate} does.
 */
export async function populateTemplate(
  spec: TemplateSpec,
  inputs: Readonly<Record<string, unknown>>,
  given: Pick<Rendering, 'snippets' | 'organizationId'>,
): Promise<string | ChatMessage[] | null> {
  const { template = null, template_language: language } = spec;
  const rendering = { ...given, inputs, inputsLoc: ['body'] };
  const rendered = await renderMessages(
    templateMessages(template),
    language ?? modelDefaults.template_language,
    rendering,
  );
  if (template === null) return null;
  return typeof template === 'string' ? (rendered[0]?.content as string) : rendered;
}

/** Whether a template refers to tools, whose snippets must then be loaded. */
export function needsSnippets({ template, template_language: language }: TemplateSpec): boolean {
  return (
    language !== 'jinja' &&
    textsIn(templateMessages(template ?? null)).some(({ text }) => hasToolReference(text))
  );
}

/**
 * The distinct variables of a template, in the order of their first use. In the default language a
 * path counts as one name, as it is written. In Jinja, names that the template sets itself do not
 * count; of a template with a syntax error, this is what could be read.
 */
export function templateVariables(template: Template, language: TemplateLanguage): string[] {
  const texts = textsIn(templateMessages(template)).filter((text) => hasCode(text, language));
  const variables = language === 'jinja' ? jinjaVariables : defaultVariables;
  return [...new Set(texts.flatMap(({ text }) => variables(text)))];
}

/** @throws `invalid` when the texts that have to be read are too long. */
export function requireReadable(template: Template, language: TemplateLanguage): void {
  let length = 0;
  for (const text of textsIn(templateMessages(template))) {
    if (hasCode(text, language)) length += text.text.length;
  }
  if (length <= longestTemplate) return;
  throw invalid(
    ['body', 'template'],
    `The texts of a template that have variables can have ${longestTemplate} characters together; these have ${length}.`,
  );
}

async function renderMessages(
  messages: readonly ChatMessage[],
  language: TemplateLanguage,
  rendering: Rendering,
): Promise<ChatMessage[]> {
  const texts = textsIn(messages);
  if (!texts.some((text) => hasCode(text, language))) return [...messages];
  const render = language === 'jinja' ? renderJinja : renderDefault;
  return withTexts(messages, await render(texts, rendering));
}

function templateMessages(template: Template): readonly ChatMessage[] {
  return typeof template === 'string' ? [{ role: 'system', content: template }] : (template ?? []);
}

function hasCode({ text }: TemplateText, language: TemplateLanguage): boolean {
  if (text.includes('{{')) return true;
  return language === 'jinja' && (text.includes('{%') || text.includes('{#'));
}
