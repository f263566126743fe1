import { CircleAlert } from 'lucide-react';
import { Fragment, lazy, Suspense, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { LogResponse } from '../../api/types.ts';
import { hasAnswerDrafts } from '../answer/answer-draft.ts';
import { ForkButton } from '../fork/fork-button.tsx';
import type { LogView } from '../live/log-view.ts';
import type { Span } from '../trace/span.ts';
import { type Block, blocksOf } from './blocks.ts';
import { CallCard } from './call-card.tsx';
import { SaidBlock, ThoughtBlock } from './said-block.tsx';

/** Loaded with the first call that waits. */
const WaitingCalls = lazy(async () => ({
  default: (await import('../answer/waiting-calls.tsx')).WaitingCalls,
}));

/** Loaded with the first run that was interrupted. */
const InterruptedCard = lazy(async () => ({
  default: (await import('../answer/interrupted-card.tsx')).InterruptedCard,
}));

/** Pixels from the end within which the reader is taken to be at the end. */
const nearEnd = 40;

/** What was said in a run, from the top to the bottom. While words come it stays at the end if the reader is there. */
export function Conversation({
  view,
  name,
  selected,
  onSelect,
  onAnswered,
}: {
  readonly view: LogView;
  /** Of the file that speaks. */
  readonly name: string;
  /** The id of the span that is selected. */
  readonly selected: string | undefined;
  readonly onSelect: (spanId: string) => void;
  /** Called when a run that waited was answered: the log is to be read again. */
  readonly onAnswered: () => Promise<void>;
}) {
  const blocks = useMemo(() => blocksOf(view), [view]);
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(view.state !== 'ended');
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what comes
  useLayoutEffect(() => {
    const { current } = box;
    if (current && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [blocks]);
  // It stays when nothing waits any more: others may have answered.
  const [hasWaited, setWaited] = useState(() => hasAnswerDrafts(view.log.id));
  if (!hasWaited && blocks.some((block) => block.type === 'call' && block.status === 'waiting')) {
    setWaited(true);
  }
  const shown = blocks.filter((block) => block.type !== 'call' || block.status !== 'waiting');
  const firstOwn = firstOwnOf(shown, view);
  const goOn = async () => {
    // The form goes, and the words that come take its place.
    isAtEnd.current = true;
    box.current?.focus();
    await onAnswered();
  };
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label="Conversation"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
        }}
        className="min-h-0 flex-1 overflow-y-auto px-4 py-4 -outline-offset-2"
      >
        <div className="mx-auto flex max-w-170 flex-col gap-4">
          {shown.map((block, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: blocks are only added at the end
            <Fragment key={index}>
              {index === firstOwn && <OwnFromHere />}
              <BlockView
                block={block}
                isFirstOfSpeaker={!isSameSpeaker(shown[index - 1], block)}
                log={view.log}
                turn={turnOf(block, view)?.turn}
                {...{ name, selected, onSelect }}
              />
            </Fragment>
          ))}
          {hasWaited && (
            <Suspense>
              <WaitingCalls {...{ view, blocks, selected, onSelect }} onAnswered={goOn} />
            </Suspense>
          )}
          {view.state === 'interrupted' && (
            <Suspense>
              <InterruptedCard log={view.log} onContinued={goOn} />
            </Suspense>
          )}
          {view.state === 'ended' && view.log.error && <RunError error={view.log.error} />}
          {blocks.length === 0 && <p className="text-fg-3">Nothing was said.</p>}
        </div>
      </div>
      <p role="status" className="sr-only">
        {statusLines[view.state]}
      </p>
    </div>
  );
}

/** Why the run ended without an answer. */
function RunError({ error }: { readonly error: string }) {
  return (
    <div className="flex gap-2 rounded-lg bg-err-soft px-3 py-2 text-err">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <div className="min-w-0">
        <h2 className="font-medium">The run ended with an error</h2>
        <p className="break-words whitespace-pre-wrap">{error}</p>
      </div>
    </div>
  );
}

const statusLines = {
  running: 'The run goes on',
  suspended: 'The run waits for a result',
  interrupted: 'The run waits for provider keys',
  ended: 'The run has ended',
};

function BlockView({
  block,
  log,
  turn,
  ...props
}: {
  readonly block: Block;
  readonly log: LogResponse;
  /** The turn of the log that said it. */
  readonly turn: number | null | undefined;
  readonly name: string;
  readonly isFirstOfSpeaker: boolean;
  readonly selected: string | undefined;
  readonly onSelect: (spanId: string) => void;
}) {
  switch (block.type) {
    case 'said':
      return (
        <SaidBlock
          block={block}
          {...props}
          action={turn ? <ForkButton log={log} turn={turn} /> : undefined}
        />
      );
    case 'thought':
      return <ThoughtBlock block={block} />;
    case 'call':
      return (
        <CallCard
          call={block}
          isSelected={props.selected !== undefined && block.span?.id === props.selected}
          onSelect={props.onSelect}
        />
      );
  }
}

function isSameSpeaker(before: Block | undefined, { type, ...block }: Block): boolean {
  return before?.type === 'said' && 'role' in block && before.role === block.role;
}

/** Where what a fork did itself begins. */
function OwnFromHere() {
  return (
    <p className="flex items-center gap-3 text-2xs text-fg-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      Taken from the original up to here
    </p>
  );
}

/** The first block that a fork said itself; -1 when nothing was taken from another log. */
function firstOwnOf(blocks: readonly Block[], view: LogView): number {
  const last = blocks.findLastIndex((block) => turnOf(block, view)?.copied);
  if (last < 0) return -1;
  return blocks.findIndex((block, index) => index > last && block.type !== 'call');
}

/** The turn that said something, or made a call. */
function turnOf(block: Block, { spans }: LogView): Span | undefined {
  const id = block.type === 'call' ? block.span?.parent_id : block.spanId;
  return id ? spans.get(id) : undefined;
}
