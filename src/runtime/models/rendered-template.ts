import type { ChatMessage } from '../../contract/chat.ts';
import { type ModelSpec, modelDefaults } from '../../contract/kinds/model.ts';
import type { Workspace } from '../../database/workspace.ts';
import type { Snippets } from '../../files/template/rendering.ts';
import { renderTemplate } from '../../files/template/template.ts';
import type { LogRecord } from '../../logs/log-record.ts';

/** What a template is rendered for. */
export interface Rendered {
  readonly spec: ModelSpec;
  readonly record: Pick<LogRecord, 'inputs'>;
  /**
   * The texts that replace references to tools in the template; undefined: references stay as they
   * are.
   */
  readonly snippets: Snippets | undefined;
  /** What the call has to itself when it has no inputs: its run's transcript, or else its record. */
  readonly call: object;
  readonly workspace: Pick<Workspace, 'organizationId'>;
}

/**
 * The messages that a version's template begins a conversation with. They are rendered once for a
 * call, however many turns and samples it has: a template may be dear.
 *
 * @throws `invalid` as `renderTemplate` does.
 */
export function renderedTemplate(rendered: Rendered): Promise<readonly ChatMessage[]> {
  const { spec, record, snippets, call } = rendered;
  const key = record.inputs ?? call;
  const last = kept.get(key);
  if (last?.spec === spec && last.snippets === snippets) return last.messages;
  const messages = render(rendered);
  kept.set(key, { spec, snippets, messages });
  return messages;
}

/** By what a call has to itself, from its check to its last turn. */
const kept = new WeakMap<
  object,
  Pick<Rendered, 'spec' | 'snippets'> & { readonly messages: Promise<readonly ChatMessage[]> }
>();

async function render({
  spec,
  record: { inputs },
  snippets,
  workspace: { organizationId },
}: Rendered): Promise<readonly ChatMessage[]> {
  const language = spec.template_language ?? modelDefaults.template_language;
  const messages = await renderTemplate(spec.template ?? null, language, inputs ?? {}, {
    snippets,
    organizationId,
  });
  return spec.endpoint === 'complete'
    ? messages.map((message) => ({ ...message, role: 'user' as const }))
    : messages;
}
