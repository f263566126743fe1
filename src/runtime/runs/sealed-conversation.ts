import { parseExactJson } from '../../kernel/exact-json.ts';
import type { SecretBox } from '../../kernel/secret-box.ts';
import type { LogRecord, LogView, TurnRecord } from '../../logs/log-record.ts';
import type { Run } from './run.ts';

/** Hours for which the sealed conversation of a suspended run is kept. */
export const sealedHours = 24;

/** What a run whose payloads are not stored needs to go on. */
interface Conversation {
  readonly inputs: LogRecord['inputs'];
  readonly messages: LogRecord['messages'];
  readonly turns: readonly TurnRecord[];
}

/** The conversation of a run, encrypted. It can be decrypted for this log only. */
export function sealConversation(run: Run): Buffer {
  return sealTurns(run.parts.secrets, run.workspace, run.record, run.turns);
}

/** Like {@link sealConversation}, for a log whose run is at rest. */
export function sealTurns(
  secrets: SecretBox,
  workspace: { readonly organizationId: string },
  record: LogRecord,
  turns: readonly TurnRecord[],
): Buffer {
  const { inputs, messages } = record;
  const conversation: Conversation = {
    inputs,
    messages,
    // Leave out the raw bodies: the next model call does not need them, and a run with `save:
    // false` may keep only what it needs.
    turns: turns.map((turn) => ({
      ...turn,
      provider_request: null,
      shared_messages: 0,
      provider_response: null,
    })),
  };
  return secrets.seal(JSON.stringify(conversation), sealedPlace(workspace, record));
}

/**
 * Restores the conversation of a log from what was sealed. A log without a sealed conversation is
 * returned as it is.
 */
export function unsealed(
  secrets: SecretBox,
  workspace: { readonly organizationId: string },
  view: LogView,
): LogView {
  const sealed = view.run?.sealed_conversation;
  if (!sealed) return view;
  const conversation = parseExactJson(
    secrets.open(sealed, sealedPlace(workspace, view.record)),
  ) as Conversation;
  const { inputs, messages } = conversation;
  // Start from the rows of the turns: an older release may have sealed turns that lack newer
  // columns.
  const turns = conversation.turns.map((turn, index) => ({ ...view.turns[index], ...turn }));
  return { ...view, record: { ...view.record, inputs, messages }, turns };
}

function sealedPlace(
  { organizationId }: { readonly organizationId: string },
  { id }: Pick<LogRecord, 'id'>,
): string {
  return `${organizationId}/run/${id}`;
}
