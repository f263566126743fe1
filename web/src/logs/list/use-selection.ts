import { useCallback, useMemo, useState } from 'react';

/** Rows that were chosen, to do something with all of them. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** All logs that match are chosen, also those that are not loaded. */
  readonly isAll: boolean;
  readonly toggle: (logId: string) => void;
  /** Chooses exactly these. */
  readonly choose: (logIds: readonly string[]) => void;
  readonly chooseAll: () => void;
  readonly clear: () => void;
}

interface Chosen {
  readonly within: string;
  readonly ids: ReadonlySet<string>;
  readonly isAll: boolean;
}

/**
 * The rows that are chosen.
 *
 * @param within names the filters: rows that are filtered out are no longer chosen.
 */
export function useSelection(within: string): Selection {
  const [chosen, setChosen] = useState<Chosen>({ within, ids: none, isAll: false });
  const { ids, isAll } = chosen.within === within ? chosen : { ids: none, isAll: false };
  const toggle = useCallback(
    (logId: string) =>
      setChosen((before) => {
        const next = new Set(before.within === within ? before.ids : none);
        if (!next.delete(logId)) next.add(logId);
        return { within, ids: next, isAll: false };
      }),
    [within],
  );
  const choose = useCallback(
    (logIds: readonly string[]) => setChosen({ within, ids: new Set(logIds), isAll: false }),
    [within],
  );
  const chooseAll = useCallback(
    () => setChosen((before) => ({ ...before, within, isAll: true })),
    [within],
  );
  const clear = useCallback(() => setChosen({ within, ids: none, isAll: false }), [within]);
  return useMemo(
    () => ({ ids, isAll, toggle, choose, chooseAll, clear }),
    [ids, isAll, toggle, choose, chooseAll, clear],
  );
}

const none: ReadonlySet<string> = new Set();
