import { useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect } from 'react';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { isMissing, NoSuchPage } from '../../shell/no-such-page.tsx';
import { Page } from '../../shell/page.tsx';
import { Split } from '../../ui/split.tsx';
import { useMirrored } from '../../ui/use-mirrored.ts';
import { useWide } from '../../ui/use-wide.ts';
import { Conversation } from '../conversation/conversation.tsx';
import type { LogView } from '../live/log-view.ts';
import { useLogView } from '../live/use-log-view.ts';
import { useTrace } from '../trace/use-trace.ts';
import { ForkLine } from './fork-line.tsx';
import { fileOf } from './log-file.ts';
import { LogHead } from './log-head.tsx';
import { useLook } from './use-look.ts';
import { ViewSwitch } from './view-switch.tsx';

// The conversation is read first, and on a phone alone; the trace comes beside it.
const loadTrace = () => import('./trace-side.tsx');
const TraceSide = lazy(async () => ({ default: (await loadTrace()).TraceSide }));

// What shows values is loaded with the first log that is no conversation, or is shown raw.
const PlainLog = lazy(async () => ({
  default: (await import('../conversation/plain-log.tsx')).PlainLog,
}));
const RawLog = lazy(async () => ({ default: (await import('./raw-log.tsx')).RawLog }));

/** Loaded with the first two logs that are compared. */
const Beside = lazy(async () => ({ default: (await import('./beside.tsx')).Beside }));

/** A log: what was said, what was done when, and all that is known of it. */
export function LogPageContent({ logId }: { readonly logId: string }) {
  const loaded = useLogView(logId);
  const isWide = useWide(1024);
  // It is on its way while the log is.
  useEffect(() => {
    if (isWide) void loadTrace().catch(() => undefined);
  }, [isWide]);
  const { view, error, isConnected, store } = loaded;
  if (!view) {
    if (isMissing(error)) return <NoSuchPage what="log" />;
    return (
      <Page title={logId}>
        {error === undefined ? (
          <SkeletonRows rows={6} />
        ) : (
          <div className="p-4">
            <Failure error={error} onRetry={() => void store.start()} />
          </div>
        )}
      </Page>
    );
  }
  return (
    <LogHead view={view} isConnected={isConnected} onStopped={() => store.refresh()}>
      <LogBody key={logId} {...loaded} view={view} />
    </LogHead>
  );
}

type Loaded = ReturnType<typeof useLogView> & { readonly view: LogView };

function LogBody(loaded: Loaded) {
  const { view, store } = loaded;
  const { beside } = useSearch({ from: '/signed-in/logs/$logId' });
  const change = useLook();
  const isWide = useWide(1024);
  const onAnswered = useCallback(() => store.refresh(), [store]);
  return (
    <>
      <ForkLine log={view.log} isBeside={beside !== undefined} />
      {beside === undefined ? (
        <Views {...loaded} {...{ isWide, onAnswered }} />
      ) : (
        <Suspense>
          <Beside
            {...{ view, isWide, onAnswered }}
            otherId={beside}
            onClose={() => change({ beside: undefined })}
          />
        </Suspense>
      )}
    </>
  );
}

function Views({
  view,
  spansError,
  store,
  isWide,
  onAnswered,
}: Loaded & { readonly isWide: boolean; readonly onAnswered: () => Promise<void> }) {
  const search = useSearch({ from: '/signed-in/logs/$logId' });
  const change = useLook();
  const trace = useTrace(view.spans);
  const [selected, select] = useMirrored(
    search.span,
    useCallback((span) => change({ span }), [change]),
  );
  const [zoom, setZoom] = useMirrored(
    search.zoom,
    useCallback((next) => change({ zoom: next }), [change]),
    200,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: who selects a tool in the conversation stays there
  useEffect(() => {
    // A link to a span shows the trace, where only one of the two has room.
    if (!isWide && search.view === undefined && search.span !== undefined) {
      change({ view: 'trace', span: search.span });
    }
  }, []);
  const shown = search.view ?? (isWide ? 'both' : 'conversation');
  useShortcuts({
    viewConversation: () => change({ view: 'conversation' }),
    viewTrace: () => change({ view: 'trace' }),
    viewRaw: () => change({ view: 'raw' }),
    ...(selected !== undefined && trace.byId.has(selected) && { close: () => select(undefined) }),
  });
  const said =
    view.messages.length > 0 || view.saying ? (
      <Conversation
        {...{ view, selected, onAnswered }}
        name={fileOf(view.log).file.name}
        onSelect={select}
      />
    ) : (
      <Suspense fallback={<SkeletonRows rows={6} />}>
        <PlainLog log={view.log} />
      </Suspense>
    );
  const traced = (
    <Suspense fallback={<SkeletonRows rows={6} className="flex-1" />}>
      <TraceSide
        {...{ view, trace, selected, zoom }}
        error={spansError}
        onRetry={() => store.retrySpans()}
        onSelect={select}
        onZoom={setZoom}
      />
    </Suspense>
  );
  return (
    <>
      {!isWide && (
        <div className="flex shrink-0 items-center border-b border-line px-3 py-1.5">
          <ViewSwitch isWide={false} />
        </div>
      )}
      {shown === 'raw' && (
        <Suspense fallback={<SkeletonRows rows={12} />}>
          <RawLog view={view} />
        </Suspense>
      )}
      {shown === 'conversation' && said}
      {shown === 'trace' && traced}
      {shown === 'both' && (
        <Split
          name="conversation"
          direction="row"
          standard={0.46}
          label="Width of the conversation"
        >
          {said}
          {traced}
        </Split>
      )}
    </>
  );
}
