import type { SecretBox } from '../../kernel/secret-box.ts';
import type { LogRecord, LogView, TurnRecord } from '../../logs/log-record.ts';
import type { Run } from './run.ts';

/** Hours for which the conversation of a suspended run is kept whose payloads are not stored. */
export const sealedHours = 24;

/** What is needed to go on with a run of which nothing else is stored. */
interface Conversation {
  readonly inputs: LogRecord['inputs'];
  readonly messages: LogRecord['messages'];
  readonly turns: readonly TurnRecord[];
}

/** The conversation of a run, encrypted; it opens as that of its log alone. */
export function sealConversation(run: Run): Buffer {
  return sealTurns(run.parts.secrets, run.workspace, run.record, run.turns);
}

/** The same, of a log whose run is at rest. */
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
    // Leave out the raw bodies: the next model call does not need them, and nothing more than it
    // needs may be kept.
    turns: turns.map((turn) => ({
      ...turn,
      provider_request: null,
      shared_messages: 0,
      provider_response: null,
    })),
  };
  return secrets.seal(JSON.stringify(conversation), sealedPlace(workspace, record));
}

/** A log as it was before its payloads were left out, from what was sealed of it. */
export function unsealed(
  secrets: SecretBox,
  workspace: { readonly organizationId: string },
  view: LogView,
): LogView {
  const sealed = view.run?.sealed_conversation;
  if (!sealed) return view;
  const conversation = JSON.parse(
    secrets.open(sealed, sealedPlace(workspace, view.record)),
  ) as Conversation;
  const { inputs, messages } = conversation;
  // Fill in from the rows of the turns: an older release may have sealed turns with fewer columns.
  const turns = conversation.turns.map((turn, index) => ({ ...view.turns[index], ...turn }));
  return { ...view, record: { ...view.record, inputs, messages }, turns };
}

function sealedPlace(
  { organizationId }: { readonly organizationId: string },
  { id }: Pick<LogRecord, 'id'>,
): string {
  return `${organizationId}/run/${id}`;
}
