import { UserCheck } from 'lucide-react';
import { moment, wholeTime } from '../../format/time.ts';
import { useMe } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import type { CallBlock } from '../conversation/blocks.ts';
import { toolTitle } from '../conversation/tool-title.ts';
import { Fields } from '../values/fields.tsx';
import { readJsonText } from '../values/json-text.ts';
import { resultText } from './answer-content.ts';
import type { AnswerDraft, AnswerDrafts } from './answer-draft.ts';
import { answererName } from './answerer-name.ts';

/** What somebody else answered while it was answered here, too. What was written here is not lost. */
export function AnsweredCard({
  calls,
  drafts,
  onClose,
}: {
  readonly calls: readonly CallBlock[];
  readonly drafts: AnswerDrafts;
  readonly onClose: () => void;
}) {
  return (
    <section
      aria-label="Answered by somebody else"
      className="@container overflow-hidden rounded-lg border border-line bg-panel shadow-card"
    >
      <div className="flex min-h-9 flex-wrap items-center gap-x-2 border-b border-line bg-sunken px-3 py-1">
        <UserCheck aria-hidden className="size-3.5 text-fg-3" />
        <h2 className="min-w-0 font-medium break-words">
          <WhoWasFirst call={calls[0]} />
        </h2>
        <AnswerTime call={calls[0]} />
        <Button size="small" onClick={onClose} className="ml-auto">
          Close
        </Button>
      </div>
      <ol>
        {calls.map((call) => {
          const own = writtenIn(drafts.of(call.id));
          return (
            <li
              key={call.id}
              className="grid gap-x-4 gap-y-2 border-line px-3 py-2.5 not-first:border-t @lg:grid-cols-2"
            >
              <div className="min-w-0">
                <h3 className="mb-1 flex min-h-6 items-center text-2xs font-medium text-fg-3">
                  Their result of {toolTitle(call.name).toLowerCase()}
                </h3>
                <Fields value={readJsonText(call.result ?? '')} />
              </div>
              {own !== '' && (
                <div className="min-w-0">
                  <h3 className="mb-1 flex min-h-6 items-center gap-1 text-2xs font-medium text-fg-3">
                    What you wrote was not sent
                    <CopyButton label="Copy what you wrote" text={() => own} />
                  </h3>
                  <p className="font-mono text-xs break-words whitespace-pre-wrap text-fg-2">
                    {own}
                  </p>
                </div>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function WhoWasFirst({ call }: { readonly call: CallBlock | undefined }) {
  const me = useMe();
  const answerer = call?.span?.answerer;
  const isMe = !answerer?.api_key && answerer?.member?.id === me?.member.id && me !== undefined;
  if (isMe) return 'You answered first, somewhere else';
  return (
    <>
      <bdi>{answererName(answerer) ?? 'Somebody else'}</bdi> answered first
    </>
  );
}

function AnswerTime({ call }: { readonly call: CallBlock | undefined }) {
  const { answered_at: answeredAt, ended_at: endedAt } = call?.span ?? {};
  const at = answeredAt ?? endedAt;
  if (!at) return null;
  return (
    <time dateTime={at} title={wholeTime(at)} className="num text-xs text-fg-3">
      at {moment(at)}
    </time>
  );
}

function writtenIn({ isRejected, reason, text, value }: AnswerDraft): string {
  if (isRejected) return reason;
  return value === undefined ? text : resultText(value);
}
