import { useCallback, useEffect, useRef, useState } from 'react';

/**
 * A value that stands in the address as well. What the reader does shows at once, and the address follows:
 * keys and wheels are faster than it. What comes back from the address as it was written changes nothing;
 * anything else, such as Back, does.
 *
 * @param delayMs after the last change until it is written.
 */
export function useMirrored(
  inAddress: string | undefined,
  write: (value: string | undefined) => void,
  delayMs = 0,
): readonly [string | undefined, (value: string | undefined) => void] {
  const [value, setValue] = useState(inAddress);
  const written = useRef<(string | undefined)[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    const place = written.current.indexOf(inAddress);
    written.current.splice(0, place + 1);
    if (place < 0) setValue(inAddress);
  }, [inAddress]);
  const change = useCallback(
    (next: string | undefined) => {
      setValue(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        written.current.push(next);
        write(next);
      }, delayMs);
    },
    [write, delayMs],
  );
  return [value, change];
}
