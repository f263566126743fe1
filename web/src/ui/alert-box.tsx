import { AlertDialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { useReturnOfFocus } from './use-return-of-focus.ts';

/** Something that must be answered before the page goes on. A press beside it does not close it. */
export function AlertBox({
  title,
  onClose,
  children,
}: {
  readonly title: string;
  /** What Escape does; undefined: nothing. */
  readonly onClose?: (() => void) | undefined;
  readonly children: ReactNode;
}) {
  const returnFocus = useReturnOfFocus();
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose?.()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-50 bg-veil" />
        <Radix.Content
          onCloseAutoFocus={returnFocus}
          aria-describedby={undefined}
          className="fixed top-[18vh] left-1/2 z-50 grid max-h-[72vh] w-[min(28rem,calc(100vw-1.5rem))] -translate-x-1/2 gap-3 overflow-y-auto rounded-lg bg-panel p-4 shadow-pop"
        >
          <Radix.Title className="text-base font-medium break-words">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** What it says: it is read out when the box comes. */
export const AlertText = Radix.Description;
/** The button that has the focus first: it changes nothing. */
export const AlertCancel = Radix.Cancel;
