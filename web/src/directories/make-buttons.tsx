import { FilePlus2, FolderPlus } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import type { Directory } from './entry.ts';

const EntryDialog = lazy(async () => ({
  default: (await import('./entry-dialog.tsx')).EntryDialog,
}));

/** Makes files and directories in a directory. */
export function MakeButtons({ directory }: { readonly directory: Directory }) {
  const [action, setAction] = useState<'new-file' | 'new-directory'>();
  if (!useMay('write')) return null;
  return (
    <>
      <Button onClick={() => setAction('new-directory')} className="max-sm:hidden">
        <FolderPlus aria-hidden className="size-3.5" />
        New directory
      </Button>
      <Button look="primary" onClick={() => setAction('new-file')}>
        <FilePlus2 aria-hidden className="size-3.5" />
        New file
      </Button>
      {action && (
        <Suspense>
          <EntryDialog
            action={action}
            entry={{ type: 'directory', directory }}
            onClose={() => setAction(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
