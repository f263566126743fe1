import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { toast } from '../../ui/toasts.tsx';
import { type ExportForm, exportForms, exportMatching, exportSome } from './export-logs.ts';

/** Saves logs as a file: those with some ids, or all that match. */
export function ExportMenu({
  count,
  query,
  ids,
}: {
  readonly count: number;
  readonly query: () => URLSearchParams;
  readonly ids?: ReadonlySet<string> | undefined;
}) {
  const [isBusy, setBusy] = useState(false);
  const save = async (form: ExportForm) => {
    if (isBusy) return;
    setBusy(true);
    try {
      await (ids ? exportSome(ids, form) : exportMatching(query(), form, count));
    } catch (error) {
      toast(`The logs were not exported: ${error instanceof Error ? error.message : error}`, {
        look: 'alarm',
      });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu
      trigger={
        <Button size="small" disabled={count === 0} aria-disabled={isBusy}>
          <Download aria-hidden className="size-3.5" />
          Export
        </Button>
      }
      entries={() =>
        (Object.keys(exportForms) as ExportForm[]).map((form) => ({
          type: 'action',
          name: exportForms[form].name,
          run: () => void save(form),
        }))
      }
    />
  );
}
