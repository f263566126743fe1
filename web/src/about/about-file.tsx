import { FolderInput, Pencil, Trash2 } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { FileResponse } from '../api/types.ts';
import { RequestTabs } from '../copy-as/request-tabs.tsx';
import { EnvironmentMark } from '../deploy/environment-marks.tsx';
import { useDeployments } from '../deploy/use-deployments.ts';
import type { EntryAction } from '../directories/entry-action.ts';
import { kinds } from '../files/kinds.ts';
import { versionLabel } from '../files/version-code.ts';
import { moment, wholeTime } from '../format/time.ts';
import { Markdown } from '../logs/conversation/markdown.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { DetailsForm } from './details-form.tsx';
import { Monitoring } from './monitoring.tsx';
import { usageOf } from './uses.ts';

const EntryDialog = lazy(async () => ({
  default: (await import('../directories/entry-dialog.tsx')).EntryDialog,
}));

/** What a file is, what people say of it, and how code uses it. */
export function AboutFile({ file }: { readonly file: FileResponse }) {
  const [isEditing, setEditing] = useState(false);
  const mayWrite = useMay('write');
  const usage = usageOf(file);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-3xl gap-8 p-4 pb-12">
        <Facts file={file} />
        <Part
          title="Description"
          action={
            mayWrite &&
            !isEditing && (
              <Button size="small" onClick={() => setEditing(true)}>
                <Pencil aria-hidden className="size-3" />
                Edit
              </Button>
            )
          }
        >
          {isEditing ? (
            <DetailsForm file={file} onClose={() => setEditing(false)} />
          ) : (
            <Details file={file} />
          )}
        </Part>
        <Part title="Use from code">
          <p className="text-fg-2">{usage.says}</p>
          <RequestTabs request={usage.request(file)} />
        </Part>
        {file.type !== 'dataset' && (
          <Part title="Monitoring">
            <Monitoring file={file} />
          </Part>
        )}
        {mayWrite && <Changes file={file} />}
      </div>
    </div>
  );
}

function Part({
  title,
  action,
  children,
}: {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <section className="grid min-w-0 gap-2.5">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h2 className="text-base font-medium">{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}

function Facts({ file }: { readonly file: FileResponse }) {
  const { data: deployments = [] } = useDeployments(file.id);
  const deployed = deployments.filter(({ version }) => version);
  const author = file.created_by;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-6 gap-y-1.5">
      <Fact name="Kind">{kinds[file.type].label}</Fact>
      <Fact name="Path">
        <span className="min-w-0 break-words">{file.path}</span>
        <CopyButton label="Copy the path" text={() => file.path} />
      </Fact>
      <Fact name="Id">
        <span className="min-w-0 font-mono text-xs break-all">{file.id}</span>
        <CopyButton label="Copy the id" text={() => file.id} />
      </Fact>
      <Fact name="Deployed to">
        {deployed.length === 0 && <span className="text-fg-3">Nowhere</span>}
        <span className="flex flex-wrap gap-x-4 gap-y-1">
          {deployed.map(({ environment, version }) => (
            <span key={environment.id} className="flex items-center gap-2">
              <EnvironmentMark environment={environment} />
              <span className="font-mono text-xs text-fg-3">
                {version && versionLabel(version)}
              </span>
            </span>
          ))}
        </span>
      </Fact>
      <Fact name="Made">
        <span title={wholeTime(file.created_at)}>{moment(file.created_at)}</span>
        {author && <span className="text-fg-3">by {author.full_name ?? author.email_address}</span>}
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-fg-3">{name}</dt>
      <dd className="flex min-h-6 min-w-0 items-center gap-2">{children}</dd>
    </>
  );
}

function Details({ file: { description, tags, readme } }: { readonly file: FileResponse }) {
  if (!description && tags.length === 0 && !readme) {
    return <p className="text-fg-3">Nobody has described it yet.</p>;
  }
  return (
    <>
      {description && <p className="text-base break-words whitespace-pre-line">{description}</p>}
      {tags.length > 0 && (
        <ul aria-label="Tags" className="flex flex-wrap gap-1.5">
          {tags.map((tag) => (
            <li key={tag} className="min-w-0">
              <Chip className="max-w-full truncate">{tag}</Chip>
            </li>
          ))}
        </ul>
      )}
      {readme && (
        <div className="rounded-lg border border-line bg-panel px-4 py-3">
          <Markdown text={readme} />
        </div>
      )}
    </>
  );
}

const changes = [
  { action: 'rename', name: 'Rename…', icon: Pencil, look: 'plain' },
  { action: 'move', name: 'Move…', icon: FolderInput, look: 'plain' },
  { action: 'delete', name: 'Delete…', icon: Trash2, look: 'danger' },
] as const;

/** What is done with the file as a whole. */
function Changes({ file }: { readonly file: FileResponse }) {
  const [action, setAction] = useState<EntryAction>();
  return (
    <Part title="Change or delete">
      <div className="flex flex-wrap gap-2">
        {changes.map(({ icon: Icon, ...one }) => (
          <Button key={one.action} look={one.look} onClick={() => setAction(one.action)}>
            <Icon aria-hidden className="size-3.5" />
            {one.name}
          </Button>
        ))}
      </div>
      {action && (
        <Suspense>
          <EntryDialog
            action={action}
            entry={{ type: 'file', file }}
            onClose={() => setAction(undefined)}
          />
        </Suspense>
      )}
    </Part>
  );
}
