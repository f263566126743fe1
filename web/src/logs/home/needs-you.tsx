import { useState } from 'react';
import type { LogRow } from '../list/list-queries.ts';
import { NeedsYouRow } from './needs-you-row.tsx';

/** Runs that wait for somebody. They are answered here; what was opened stays until one leaves. */
export function NeedsYou({ waiting }: { readonly waiting: readonly LogRow[] }) {
  const [opened, setOpened] = useState<readonly LogRow[]>([]);
  const [open, setOpen] = useState<string>();
  const answered = opened.filter((row) => !waiting.some(({ id }) => id === row.id));
  const rows = [...answered, ...waiting].toSorted((a, b) =>
    b.created_at.localeCompare(a.created_at),
  );
  return rows.map((row) => (
    <NeedsYouRow
      key={row.id}
      row={row}
      isWaiting={!answered.includes(row)}
      isOpen={row.id === open}
      onToggle={() => {
        setOpen(row.id === open ? undefined : row.id);
        if (!opened.some(({ id }) => id === row.id)) setOpened([...opened, row]);
      }}
    />
  ));
}
