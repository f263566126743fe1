import { Scale } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';

/** Loaded with the first logs that are judged. */
const EvaluateDialog = lazy(async () => ({
  default: (await import('./evaluate-dialog.tsx')).EvaluateDialog,
}));

/** Has evaluators judge some logs. */
export function EvaluateButton({ ids }: { readonly ids: readonly string[] }) {
  const [isOpen, setOpen] = useState(false);
  const mayRun = useMay('run');
  if (!mayRun) return null;
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <Scale aria-hidden className="size-3.5" />
        Evaluate…
      </Button>
      {isOpen && (
        <Suspense>
          <EvaluateDialog ids={ids} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
