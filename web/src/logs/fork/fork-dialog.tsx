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
import type { Answers } from '../answer/answers.ts';
import { unwritten, useAnswers } from '../answer/use-answers.ts';
import type { SpanDetails } from '../inspector/span-queries.ts';
import { newLogId, startStreamed } from '../live/run-requests.ts';
import { idOfTurn } from '../trace/span.ts';
import { type ForkDraft, type Forked, forkRequest } from './fork-request.ts';
import { ForkedMessages } from './forked-messages.tsx';
import { instructionsIn, type Template } from './instructions.ts';
import { OpenCallSteps } from './open-call-steps.tsx';
import { openCallsOf } from './open-calls.ts';

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
  const [draft, setDraft] = useState<Omit<ForkDraft, 'answers'>>({
    turn: first,
    model: forked.model,
    instructions: undefined,
    edits: new Map(),
    message: '',
  });
  const [openCalls] = useState(() => openCallsOf(log));
  const [newId] = useState(() => newLogId('fork'));
  const navigate = useNavigate();
  const { turn, model, instructions, edits, message } = draft;
  const change = (next: Partial<typeof draft>) => setDraft({ ...draft, ...next });
  const isAfterAll = turn > turns;
  const calls = isAfterAll ? openCalls : [];
  const { onReader, read } = useAnswers(calls);
  const place = useQuery({ ...placeOfTurn(log, turn), enabled: !isAfterAll });
  const known = log.messages.slice(0, isAfterAll ? undefined : (place.data ?? 0));
  const request = (answers: Answers) =>
    forkRequest(forked, { ...draft, edits: within(edits, known.length), answers });
  return (
    <FormDialog
      title="Run again from here"
      action={`Run from turn ${turn}`}
      isReady={model.trim() !== '' && (!isAfterAll || calls.length > 0 || message.trim() !== '')}
      onSend={async () => {
        const answers = read();
        if (!answers) throw new Error('Give each call a result, or reject it.');
        const { path, body } = request(answers);
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
        again. Tools after it are. This log stays as it is
        {openCalls.length > 0 && ', and still waits'}.
      </p>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="From">
          {(attributes) => (
            <Select
              {...attributes}
              value={String(turn)}
              choices={choicesOf(turns, log, openCalls.length > 0)}
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
      {calls.length > 0 && <OpenCallSteps log={log} calls={calls} onReader={onReader} />}
      {isAfterAll && calls.length === 0 && (
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
      <CopyAsMenu
        size="small"
        className="justify-self-start"
        request={() => request(read() ?? unwritten(calls))}
      />
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

/** The turns; of a log that has ended with an answer, or waits for one, also the one after it. */
function choicesOf(turns: number, { log_status: status }: LogResponse, isOpen: boolean) {
  const after = status === 'complete' || isOpen ? [turns + 1] : [];
  return [...Array.from({ length: turns }, (_, index) => index + 1), ...after].map((turn) => ({
    value: String(turn),
    name: turn > turns ? 'After the last turn' : `Turn ${turn}`,
  }));
}

/** Edits of messages that the turn does not know are none. */
function within(edits: ForkDraft['edits'], known: number): ForkDraft['edits'] {
  return new Map([...edits].filter(([index]) => index < known));
}
