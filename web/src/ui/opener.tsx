import { cloneElement, type ReactElement, type ReactNode, Suspense, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

export interface OpenerProps {
  readonly 'aria-haspopup'?: 'menu' | 'dialog';
  readonly 'aria-expanded'?: boolean;
  readonly onClick?: () => void;
  readonly ref?: (element: HTMLButtonElement | null) => void;
}

/**
 * A button with something that it opens at itself. What is opened may be loaded first; until it is there
 * the button stands as it was.
 */
export function Opener({
  trigger,
  opens,
  children,
}: {
  /** A button, whose own `onClick` and `ref` are not asked. */
  readonly trigger: ReactElement<OpenerProps>;
  readonly opens: 'menu' | 'dialog';
  /** What is open; it shows the button itself. */
  readonly children: (close: () => void) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const closed = cloneElement(trigger, {
    'aria-haspopup': opens,
    'aria-expanded': false,
    onClick: () => setOpen(true),
    ref: (element) => {
      button.current = element;
    },
  });
  if (!isOpen) return closed;
  const close = () => {
    flushSync(() => setOpen(false));
    // The focus returns to what opened it.
    button.current?.focus();
  };
  return <Suspense fallback={closed}>{children(close)}</Suspense>;
}
