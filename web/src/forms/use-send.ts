import { useRef, useState } from 'react';

export interface Sending {
  readonly isBusy: boolean;
  /** What the server refused last; undefined: nothing. */
  readonly error: unknown;
  /** Does it, and keeps what went wrong. @returns whether it was done. */
  readonly send: (act: () => Promise<unknown>) => Promise<boolean>;
}

/**
 * The state of something that is sent: under way, done, or refused. Never twice at once. Meanwhile its
 * button is `aria-disabled`: one that is `disabled` would lose the focus.
 */
export function useSend(): Sending {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  // A second press comes before the first one is shown.
  const isUnderWay = useRef(false);
  return {
    isBusy,
    error,
    send: async (act) => {
      if (isUnderWay.current) return false;
      isUnderWay.current = true;
      setBusy(true);
      setError(undefined);
      try {
        await act();
        return true;
      } catch (caught) {
        setError(caught);
        return false;
      } finally {
        isUnderWay.current = false;
        setBusy(false);
      }
    },
  };
}
