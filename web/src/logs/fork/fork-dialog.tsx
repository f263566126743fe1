import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { readJson } from '../../api/client.ts';
import type { LogResponse } from '../../api/types.ts';
import { CopyAsMenu } from '../../copy-as/copy-as-menu.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { TextArea } from '../../ui/text-area.tsx';
import type { SpanDetails } from '../inspector/span-queries.ts';
import { newLogId, startStreamed } from '../live/run-requests.ts';
import { idOfTurn } from '../trace/span.ts';
import { type ForkDraft, type Forked, forkRequest } from './fork-request.ts';
import { ForkedMessages } from './forked-messages.tsx';
import { instructionsIn, type Template } from './instructions.ts';

/** Runs an agent again from one of the turns of its log, with something changed. */
export function ForkDialog({
  log,
  turn: first,
  turns,
  onClose,
}: {
  readonly log: LogResponse;
  readonly turn: number;
  /** How many turns the log has. */
  readonly turns: number;
  readonly onClose: () => void;
}) {
  const forked = forkedOf(log);
  const before = instructionsIn(forked.template);
  const [draft, setDraft] = useState<ForkDraft>({
    turn: first,
    model: forked.model,
    instructions: undefined,
    edits: new Map(),
    message: '',
  });
  const [newId] = useState(() => newLogId('fork'));
  const navigate = useNavigate();
  const { turn, model, instructions, edits, message } = draft;
  const change = (next: Partial<ForkDraft>) => setDraft({ ...draft, ...next });
  const isAfterAll = turn > turns;
  const place = useQuery({ ...placeOfTurn(log, turn), enabled: !isAfterAll });
  const known = log.messages.slice(0, isAfterAll ? undefined : (place.data ?? 0));
  const request = () => forkRequest(forked, { ...draft, edits: within(edits, known.length) });
  return (
    <FormDialog
      title="Run again from here"
      action={`Run from turn ${turn}`}
      isReady={model.trim() !== '' && (!isAfterAll || message.trim() !== '')}
      onSend={async () => {
        const { path, body } = request();
        await startStreamed(path, { ...body }, newId);
        await navigate({
          to: '/logs/$logId',
          params: { logId: newId },
          search: { beside: log.id },
        });
      }}
      onClose={onClose}
    >
      <p className="text-fg-2">
        The turns before it are taken from this log: they cost nothing, and their tools are not run
        again. Tools after it are. This log stays as it is.
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="From">
          {(attributes) => (
            <Select
              {...attributes}
              value={String(turn)}
              choices={choicesOf(turns, log)}
              onChange={(next) => change({ turn: Number(next) })}
            />
          )}
        </Field>
        <Field label="Model">
          {(attributes) => (
            <Input
              {...attributes}
              value={model}
              onChange={({ target }) => change({ model: target.value })}
            />
          )}
        </Field>
      </div>
      {before !== undefined && (
        <Field label="Instructions" hint="Other instructions make another version of the agent.">
          {(attributes) => (
            <TextArea
              {...attributes}
              rows={3}
              value={instructions ?? before}
              onChange={({ target: { value } }) =>
                change({ instructions: value === before ? undefined : value })
              }
            />
          )}
        </Field>
      )}
      {place.isPending && !isAfterAll && <SkeletonRows rows={3} />}
      {place.isError && !isAfterAll && (
        <Failure error={place.error} onRetry={() => void place.refetch()} />
      )}
      <ForkedMessages messages={known} edits={edits} onChange={(next) => change({ edits: next })} />
      {isAfterAll && (
        <Field label="What the user says then">
          {(attributes) => (
            <TextArea
              {...attributes}
              value={message}
              onChange={({ target }) => change({ message: target.value })}
            />
          )}
        </Field>
      )}
      <CopyAsMenu size="small" className="justify-self-start" request={request} />
    </FormDialog>
  );
}

function forkedOf(log: LogResponse): Forked {
  const { agent } = log as unknown as {
    readonly agent: { readonly model: string; readonly template?: Template };
  };
  return { logId: log.id, model: agent.model, template: agent.template };
}

/** Where the message of a turn stands in the conversation: all before it is known to the turn. */
function placeOfTurn(log: LogResponse, turn: number) {
  const spanId = encodeURIComponent(idOfTurn(log.id, turn));
  return {
    queryKey: ['turn-place', log.id, turn],
    queryFn: async ({ signal }: { readonly signal: AbortSignal }): Promise<number> => {
      const path = `/v5/logs/${encodeURIComponent(log.id)}/spans/${spanId}`;
      const { turn: details } = await readJson<SpanDetails>(path, { signal });
      // The answer of the log is not among its messages: all are before it.
      return details?.message_index ?? log.messages.length;
    },
    retry: false,
  };
}

/** The turns; of a log that has ended with an answer also the one after it. */
function choicesOf(turns: number, { log_status: status }: LogResponse) {
  const after = status === 'complete' ? [turns + 1] : [];
  return [...Array.from({ length: turns }, (_, index) => index + 1), ...after].map((turn) => ({
    value: String(turn),
    name: turn > turns ? 'After the last turn' : `Turn ${turn}`,
  }));
}

/** Edits of messages that the turn does not know are none. */
function within(edits: ForkDraft['edits'], known: number): ForkDraft['edits'] {
  return new Map([...edits].filter(([index]) => index < known));
}
