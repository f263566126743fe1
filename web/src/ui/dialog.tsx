import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { IconButton } from './icon-button.tsx';
import { useReturnOfFocus } from './use-return-of-focus.ts';

interface DialogProps {
  readonly onClose: () => void;
  /** What it is for; shown unless `bare`. */
  readonly title: string;
  readonly children: ReactNode;
  readonly className?: string;
  /** Without a head: what is in it says what it is. */
  readonly isBare?: boolean;
  /** It shows what is not shown again: only a button in it closes it. */
  readonly isShownOnce?: boolean;
}

/** Something over the page, open as long as it is there. Escape closes it. */
export function Dialog({ onClose, title, children, className, isBare, isShownOnce }: DialogProps) {
  const returnFocus = useReturnOfFocus();
  return (
    <Radix.Root open onOpenChange={(open) => !open && !isShownOnce && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className={cx(
            'fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] w-[min(36rem,calc(100vw-1.5rem))] -translate-x-1/2 flex-col overflow-hidden rounded-lg bg-panel shadow-pop',
            className,
          )}
        >
          {isBare ? (
            <Radix.Title className="sr-only">{title}</Radix.Title>
          ) : (
            <div className="flex h-11 shrink-0 items-center justify-between border-b border-line pr-2 pl-4">
              <Radix.Title className="text-base font-medium">{title}</Radix.Title>
              {!isShownOnce && (
                <Radix.Close asChild>
                  <IconButton label="Close">
                    <X className="size-4" />
                  </IconButton>
                </Radix.Close>
              )}
            </div>
          )}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** A panel that comes from a side, over the page. */
export function Sheet({ onClose, title, children, className }: DialogProps) {
  const returnFocus = useReturnOfFocus();
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          className={cx('fixed inset-y-0 z-50 flex flex-col bg-bg shadow-pop', className)}
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
