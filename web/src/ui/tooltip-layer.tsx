import { useEffect, useRef, useState } from 'react';
import { Kbd } from './kbd.tsx';

/** Milliseconds that the pointer rests on something before its tooltip comes; none after another one. */
const restMs = 400;
/** Milliseconds after a tooltip in which the next one comes at once. */
const warmMs = 300;

interface Shown {
  readonly on: HTMLElement;
  readonly says: string;
  readonly shortcut: string | undefined;
}

/**
 * The one tooltip of the page: words beside what the pointer or the focus is on, for whatever has
 * `data-tip`. One for all, since a page has dozens of icon buttons. Escape takes it away, and the pointer
 * may go into it.
 */
export function TooltipLayer() {
  const [shown, setShown] = useState<Shown>();
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => listen(setShown), []);
  useEffect(() => {
    if (!shown || !layer.current) return;
    // In the top layer: dialogs are there, too.
    layer.current.showPopover();
    place(layer.current, shown.on);
  }, [shown]);
  if (!shown) return null;
  return (
    <div
      ref={layer}
      popover="manual"
      role="tooltip"
      data-tip-layer
      className="fixed m-0 max-w-80 rounded-md bg-panel px-2 py-1 text-xs text-fg shadow-pop"
    >
      <span className="flex items-center gap-2">
        {shown.says}
        {shown.shortcut && <Kbd>{shown.shortcut}</Kbd>}
      </span>
    </div>
  );
}

function listen(show: (shown: Shown | undefined) => void): () => void {
  const end = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let on: HTMLElement | undefined;
  let hiddenAt = Number.NEGATIVE_INFINITY;
  let tabbedAt = Number.NEGATIVE_INFINITY;
  const hide = () => {
    clearTimeout(timer);
    if (on) hiddenAt = performance.now();
    on = undefined;
    show(undefined);
  };
  const turnTo = (element: HTMLElement, delayMs: number) => {
    if (element === on) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      on = element;
      show({
        on: element,
        says: element.dataset['tip'] ?? '',
        shortcut: element.dataset['tipKey'],
      });
    }, delayMs);
  };
  const over = ({ target, pointerType }: PointerEvent) => {
    if (!(target instanceof Element) || pointerType === 'touch') return;
    if (target.closest('[data-tip-layer]')) return;
    const element = target.closest<HTMLElement>('[data-tip]');
    if (!element) hide();
    else turnTo(element, performance.now() - hiddenAt < warmMs || on ? 0 : restMs);
  };
  const focus = ({ target }: FocusEvent) => {
    // A dialog that opens puts the focus somewhere, too; there the reader did not ask what it is.
    if (!(target instanceof HTMLElement) || performance.now() - tabbedAt > 100) return;
    if (target.dataset['tip']) turnTo(target, 0);
    else hide();
  };
  const key = ({ key: pressed }: KeyboardEvent) => {
    if (pressed === 'Tab') tabbedAt = performance.now();
    if (pressed === 'Escape' && on) hide();
  };
  const { signal } = end;
  document.addEventListener('pointerover', over, { signal });
  document.addEventListener('pointerdown', hide, { signal });
  document.addEventListener('focusin', focus, { signal });
  document.addEventListener('focusout', hide, { signal });
  document.addEventListener('scroll', hide, { signal, capture: true });
  document.addEventListener('keydown', key, { signal, capture: true });
  return () => {
    end.abort();
    clearTimeout(timer);
  };
}

/** Below the element, or above it where there is no room; always within the window. */
function place(layer: HTMLElement, on: HTMLElement): void {
  const { left, top, bottom, width } = on.getBoundingClientRect();
  const size = layer.getBoundingClientRect();
  const x = left + width / 2 - size.width / 2;
  const isBelow = bottom + 4 + size.height < innerHeight;
  layer.style.left = `${Math.max(8, Math.min(x, innerWidth - size.width - 8))}px`;
  layer.style.top = `${isBelow ? bottom + 4 : top - size.height - 4}px`;
}
