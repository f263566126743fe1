import { useQuery } from '@tanstack/react-query';
import { FileX } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { versionsQuery } from '../../files/file-queries.ts';
import { versionCode, versionLabel } from '../../files/version-code.ts';
import { Button } from '../../ui/button.tsx';
import { toast } from '../../ui/toasts.tsx';
import type { Drafts } from './drafts.ts';

const ConfirmDialog = lazy(async () => ({
  default: (await import('../../forms/confirm-dialog.tsx')).ConfirmDialog,
}));

/** The version that was changed has been deleted. Its draft is kept, and somebody says what becomes of it. */
export function GoneBase({
  fileId,
  baseId,
  drafts,
  onVersion,
}: {
  readonly fileId: string;
  /** The version that was deleted. */
  readonly baseId: string;
  readonly drafts: Drafts;
  /** Opens another version, in place of this one. */
  readonly onVersion: (versionId: string) => void;
}) {
  const { data: versions = [] } = useQuery(versionsQuery(fileId));
  const [isAsking, setAsking] = useState(false);
  const newest = drafts.newest(versions);
  if (!newest) return null;
  const { version_id: newestId } = newest;
  const label = versionLabel(newest);
  const hasOther = drafts.replaces && drafts.has(fileId, newestId);
  const goOn = async () => {
    try {
      await drafts.move(fileId, baseId, newestId);
      onVersion(newestId);
    } catch (error) {
      toast((error as Error).message, { look: 'alarm' });
    }
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
      <Button size="small" onClick={() => void goOn()}>
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
              drafts.drop(fileId, baseId);
              onVersion(newestId);
            }}
          >
            <p>What you changed and did not commit is lost.</p>
          </ConfirmDialog>
        </Suspense>
      )}
    </div>
  );
}
