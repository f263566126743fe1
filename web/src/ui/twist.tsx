import { ChevronRight } from 'lucide-react';
import { cx } from './cx.ts';

/** Says whether what it stands before is open. */
export function Twist({
  isOpen,
  className,
}: {
  readonly isOpen: boolean;
  readonly className?: string;
}) {
  return (
    <ChevronRight
      aria-hidden
      strokeWidth={2.4}
      className={cx(
        'size-3 shrink-0 text-fg-3 transition-transform',
        isOpen && 'rotate-90',
        className,
      )}
    />
  );
}
