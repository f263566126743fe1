import { Link } from '@tanstack/react-router';
import { SquarePen } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyAsMenu } from '../../copy-as/copy-as-menu.tsx';
import { readLogRequest } from '../../copy-as/requests.ts';
import { pagesOf } from '../../files/file-pages.ts';
import { KindIcon } from '../../files/kind-icon.tsx';
import { Page } from '../../shell/page.tsx';
import { Chip } from '../../ui/chip.tsx';
import { useWide } from '../../ui/use-wide.ts';
import type { LogView } from '../live/log-view.ts';
import { StatusPill } from '../status-pill.tsx';
import { ToDatasetButton } from '../to-dataset/to-dataset-button.tsx';
import { fileOf } from './log-file.ts';
import { statusOf } from './log-status.ts';
import { Neighbours } from './neighbours.tsx';
import { StopButton } from './stop-button.tsx';
import { ViewSwitch } from './view-switch.tsx';

/** The frame of a log's page: which log it is, how it stands, and what is done with it. */
export function LogHead({
  view,
  isConnected,
  onStopped,
  children,
}: {
  readonly view: LogView;
  readonly isConnected: boolean;
  /** Called when the run was stopped. */
  readonly onStopped: () => Promise<void>;
  readonly children: ReactNode;
}) {
  const { log } = view;
  const { kind, file } = fileOf(log);
  const isWide = useWide(1024);
  const directories = file.path.split('/').slice(0, -1);
  return (
    <Page
      title={`${file.name} ${log.id}`}
      fileId={file.id}
      crumbs={[
        ...directories.map((name) => <span key={name}>{name}</span>),
        <Link
          key={file.id}
          to="/f/$fileId/logs"
          params={{ fileId: file.id }}
          className="flex min-w-0 items-center gap-1.5 hover:text-fg"
        >
          <KindIcon kind={kind} />
          <span className="truncate">{file.name}</span>
        </Link>,
      ]}
      heading={
        <>
          <KindIcon kind={kind} className="md:hidden" />
          <span className="truncate md:hidden">{file.name}</span>
          <span className="truncate font-mono text-xs max-md:sr-only" title={log.id}>
            {shortId(log.id)}
          </span>
        </>
      }
      status={
        <>
          <StatusPill status={statusOf(view)} />
          <Chip isMono title={file.version_id} className="shrink-0 max-2xl:hidden">
            {file.version_name ?? shortId(file.version_id)}
          </Chip>
          {log.environment && <Chip className="shrink-0 max-xl:hidden">{log.environment}</Chip>}
          {!isConnected && (
            <span role="status" className="text-xs text-warn">
              Connection lost. Trying again…
            </span>
          )}
        </>
      }
      actions={
        <>
          {isWide && <ViewSwitch isWide />}
          <Neighbours logId={log.id} />
          <StopButton view={view} onStopped={onStopped} />
          <ToDatasetButton ids={[log.id]} className="max-2xl:hidden" />
          {pagesOf(kind).some(({ label }) => label === 'Editor') && (
            <Link
              to="/f/$fileId/editor"
              params={{ fileId: file.id }}
              search={{ version: file.version_id }}
              className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-panel px-2.5 text-sm font-medium whitespace-nowrap shadow-card hover:bg-sunken max-xl:hidden coarse:h-10"
            >
              <SquarePen aria-hidden className="size-3.5" />
              Open in editor
            </Link>
          )}
          <CopyAsMenu className="max-sm:hidden" request={() => readLogRequest(log.id)} />
        </>
      }
    >
      {children}
    </Page>
  );
}

/** An id that we made, short enough for a head: its end tells it apart. Others' ids are shown as they are. */
function shortId(id: string): string {
  const [, prefix, rest] = /^([a-z]+)_([0-9a-z]{26})$/.exec(id) ?? [];
  return prefix && rest ? `${prefix}_…${rest.slice(-6)}` : id;
}
