import { type ReactNode, useRef } from 'react';
import { cx } from './cx.ts';
import { useStored } from './use-stored.ts';

/** The least share that a side keeps. */
const least = 0.15;

/**
 * Two parts with a line between them that is dragged, or moved with the arrow keys. Its place is kept.
 * Without a second part the first has all the room, and stays as it is when the second comes.
 */
export function Split({
  name,
  direction,
  standard,
  label,
  children: [first, second],
}: {
  /** Under which its place is kept. */
  readonly name: string;
  readonly direction: 'row' | 'column';
  /** The share of the first part, until the reader moves it. */
  readonly standard: number;
  readonly label: string;
  readonly children: readonly [ReactNode, ReactNode | undefined];
}) {
  const [stored, setShare] = useStored(`split.${name}`, standard);
  const share = clamped(stored);
  const box = useRef<HTMLDivElement>(null);
  const isRow = direction === 'row';
  const moveTo = (x: number, y: number) => {
    const { left, top, width, height } = box.current?.getBoundingClientRect() ?? new DOMRect();
    setShare(clamped(isRow ? (x - left) / width : (y - top) / height));
  };
  const keys: Readonly<Record<string, number>> = isRow
    ? { ArrowLeft: -0.03, ArrowRight: 0.03 }
    : { ArrowUp: -0.03, ArrowDown: 0.03 };
  return (
    <div ref={box} className={cx('flex min-h-0 min-w-0 flex-1', !isRow && 'flex-col')}>
      <div
        className={cx('flex min-h-0 min-w-0', !isRow && 'flex-col')}
        style={{ flex: second ? `0 0 ${share * 100}%` : '1 1 0' }}
      >
        {first}
      </div>
      {second && (
        <div
          role="separator"
          aria-label={label}
          aria-orientation={isRow ? 'vertical' : 'horizontal'}
          aria-valuenow={Math.round(share * 100)}
          aria-valuemin={least * 100}
          aria-valuemax={(1 - least) * 100}
          tabIndex={0}
          onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
          onPointerMove={(event) => {
            if (event.currentTarget.hasPointerCapture(event.pointerId)) {
              moveTo(event.clientX, event.clientY);
            }
          }}
          onDoubleClick={() => setShare(standard)}
          onKeyDown={(event) => {
            const move = keys[event.key];
            if (move === undefined) return;
            event.preventDefault();
            setShare(clamped(share + move));
          }}
          className={cx(
            'relative z-10 shrink-0 touch-none bg-line transition-colors hover:bg-accent',
            // It is a line, and wider for the pointer.
            'after:absolute after:content-[""]',
            isRow
              ? 'w-px cursor-col-resize after:-inset-x-1 after:inset-y-0'
              : 'h-px cursor-row-resize after:inset-x-0 after:-inset-y-1',
          )}
        />
      )}
      {second && (
        <div className={cx('flex min-h-0 min-w-0 flex-1', !isRow && 'flex-col')}>{second}</div>
      )}
    </div>
  );
}

function clamped(share: number): number {
  return Math.min(1 - least, Math.max(least, share));
}
