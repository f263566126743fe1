import type { ChatMessage } from '../../api/types.ts';

/** A template of an agent: one text, or messages. */
export type Template = string | readonly ChatMessage[] | null | undefined;

/** The instructions in a template; undefined when they are more than one text, which the editor is for. */
export function instructionsIn(template: Template): string | undefined {
  if (template === null || template === undefined) return '';
  if (typeof template === 'string') return template;
  const [first] = template;
  if (!first) return '';
  return first.role === 'system' && typeof first.content === 'string' ? first.content : undefined;
}

/** The template with other instructions; its other messages stay. */
export function withInstructions(template: Template, text: string): Template {
  if (template === null || template === undefined || template.length === 0) {
    return text === '' ? template : [{ role: 'system', content: text }];
  }
  if (typeof template === 'string') return text;
  const [first, ...others] = template;
  return [{ ...first, role: 'system', content: text }, ...others];
}
