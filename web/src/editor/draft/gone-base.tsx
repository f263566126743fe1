import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { FileX } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { versionsQuery } from '../../files/file-queries.ts';
import { versionCode, versionLabel } from '../../files/version-code.ts';
import { Button } from '../../ui/button.tsx';
import { carryRun } from '../run/use-run.ts';
import { isCommitted } from './committed.ts';
import { dropDraft, moveDraft, readDraft } from './draft-store.ts';

const ConfirmDialog = lazy(async () => ({
  default: (await import('../../forms/confirm-dialog.tsx')).ConfirmDialog,
}));

/** The version that was changed has been deleted. Its draft is kept, and somebody says what becomes of it. */
export function GoneBase({
  fileId,
  baseId,
}: {
  readonly fileId: string;
  /** The version that was deleted. */
  readonly baseId: string;
}) {
  const { data: versions = [] } = useQuery(versionsQuery(fileId));
  const navigate = useNavigate({ from: '/f/$fileId/editor' });
  const [isAsking, setAsking] = useState(false);
  const newest = versions.find(isCommitted) ?? versions[0];
  if (!newest) return null;
  const { version_id: newestId } = newest;
  const label = versionLabel(newest);
  const hasOther = readDraft(fileId, newestId) !== undefined;
  const edit = () => navigate({ search: { version: newestId }, replace: true });
  const goOn = () => {
    moveDraft(fileId, baseId, newestId);
    carryRun(fileId, baseId, newestId);
    void edit();
  };
  return (
    <div
      role="status"
      className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-warn-line bg-warn-soft px-4 py-1.5"
    >
      <FileX aria-hidden className="size-3.5 shrink-0 text-warn" />
      <p className="min-w-60 flex-1">
        The version that you changed,{' '}
        <span className="font-mono text-xs">{versionCode(baseId)}</span>, was deleted. Your changes
        are kept in this browser.
        {hasOther && ` You changed ${label}, too: going on replaces those changes.`}
      </p>
      <Button size="small" onClick={goOn}>
        Go on with them on {label}
      </Button>
      <Button size="small" look="ghost" onClick={() => setAsking(true)}>
        Throw them away…
      </Button>
      {isAsking && (
        <Suspense>
          <ConfirmDialog
            title="Throw the changes away?"
            action="Throw them away"
            onClose={() => setAsking(false)}
            onConfirm={async () => {
              dropDraft(fileId, baseId);
              await edit();
            }}
          >
            <p>What you changed and did not commit is lost. Logs of its runs stay.</p>
          </ConfirmDialog>
        </Suspense>
      )}
    </div>
  );
}
