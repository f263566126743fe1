import { useQueryClient } from '@tanstack/react-query';
import { Trash2, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { counted } from '../../format/format.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { toast } from '../../ui/toasts.tsx';
import { EvaluateButton } from '../evaluate/evaluate-button.tsx';
import { ToDatasetButton } from '../to-dataset/to-dataset-button.tsx';
import { deleteMatching, deleteSome } from './delete-logs.ts';
import { ExportMenu } from './export-menu.tsx';
import type { Selection } from './use-selection.ts';

/** Logs with which something is done one after the other; more is for a program. */
const mostOneByOne = 200;

/** Loaded with the first question. */
const ConfirmDialog = lazy(async () => ({
  default: (await import('../../forms/confirm-dialog.tsx')).ConfirmDialog,
}));

/** What can be done with the rows that are chosen. It is below them, so that none moves when it comes. */
export function SelectionBar({
  selection,
  total,
  loaded,
  query,
  mayDelete,
}: {
  readonly selection: Selection;
  /** How many logs match. */
  readonly total: number;
  readonly loaded: number;
  /** What all of them match. */
  readonly query: () => URLSearchParams;
  readonly mayDelete: boolean;
}) {
  const [isAsking, setAsking] = useState(false);
  const cache = useQueryClient();
  const { ids, isAll, chooseAll, clear } = selection;
  const chosen = isAll ? total : ids.size;
  if (chosen === 0) return null;
  const remove = async () => {
    await (isAll ? deleteMatching(query()) : deleteSome(ids));
    clear();
    toast(`${counted(chosen, 'log')} deleted`);
    await Promise.all(
      ['logs', 'log-stats', 'newest-logs'].map((name) =>
        cache.invalidateQueries({ queryKey: [name] }),
      ),
    );
  };
  return (
    <section
      aria-label="Chosen logs"
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-t border-line bg-accent-soft px-3 py-1"
    >
      <p role="status" className="num font-medium">
        {counted(chosen, 'log')} chosen
      </p>
      {!isAll && ids.size >= loaded && total > ids.size && (
        <Button size="small" look="ghost" onClick={chooseAll}>
          Choose all {counted(total, 'log')} that match
        </Button>
      )}
      <span className="flex-1" />
      {!isAll && ids.size <= mostOneByOne && (
        <>
          <EvaluateButton ids={[...ids]} />
          <ToDatasetButton size="small" ids={[...ids]} />
        </>
      )}
      <ExportMenu count={chosen} query={query} ids={isAll ? undefined : ids} />
      {mayDelete && (
        <Button size="small" look="danger" onClick={() => setAsking(true)}>
          <Trash2 aria-hidden className="size-3.5" />
          Delete…
        </Button>
      )}
      <IconButton label="Choose none" onClick={clear} className="size-6">
        <X className="size-3.5" />
      </IconButton>
      {isAsking && (
        <Suspense>
          <ConfirmDialog
            title={`Delete ${counted(chosen, 'log')}?`}
            action={`Delete ${counted(chosen, 'log')}`}
            typed={isAll && chosen > 1_000 ? String(chosen) : undefined}
            onConfirm={remove}
            onClose={() => setAsking(false)}
          >
            <p>
              What was said, what was judged, and all logs below them are deleted, too. This cannot
              be taken back.
            </p>
          </ConfirmDialog>
        </Suspense>
      )}
    </section>
  );
}
