import { useQuery } from '@tanstack/react-query';
import { DatabaseZap } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { sessionQuery } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';

/** Loaded with the first log that is added. */
const AddToDataset = lazy(async () => ({
  default: (await import('./add-to-dataset.tsx')).AddToDataset,
}));

/** Adds logs to a dataset. */
export function ToDatasetButton({
  ids,
  size = 'medium',
  className,
}: {
  readonly ids: readonly string[];
  readonly size?: 'small' | 'medium';
  readonly className?: string;
}) {
  const [isOpen, setOpen] = useState(false);
  const mayWrite = useQuery(sessionQuery).data?.caller.scopes.includes('write') ?? false;
  if (!mayWrite) return null;
  return (
    <>
      <Button size={size} className={className} onClick={() => setOpen(true)}>
        <DatabaseZap aria-hidden className="size-3.5" />
        Add to dataset
      </Button>
      {isOpen && (
        <Suspense>
          <AddToDataset ids={ids} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
