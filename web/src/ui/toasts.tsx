import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { keepFocus } from './keep-focus.ts';

/** Seconds that a toast is there; with an action it is there longer, so that one can reach it. */
const shownSeconds = { plain: 5, action: 10 };

/** What can be done about something that is said, such as Undo. */
export interface ToastAction {
  readonly name: string;
  readonly run: () => void;
}

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly look: 'plain' | 'alarm';
  readonly action: ToastAction | undefined;
}

let toasts: readonly Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

/** Says something that needs no answer: it goes by itself, and is read out. */
export function toast(
  text: string,
  { look = 'plain', action }: Partial<Pick<Toast, 'look' | 'action'>> = {},
): void {
  count++;
  const id = count;
  change([...toasts.slice(-2), { id, text, look, action }]);
  expire(id, action ? shownSeconds.action : shownSeconds.plain);
}

/**
 * Where toasts are shown: once, in the frame of all pages. They lie over no controls of a page: above the
 * foot of the sidebar, or above the bar that pages have at their bottom on small screens.
 */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div
      role="status"
      className="pointer-events-none fixed bottom-20 left-3 z-50 grid max-w-[calc(100vw-1.5rem)] justify-items-start gap-2 lg:bottom-13 lg:max-w-51"
    >
      {shown.map(({ id, text, look, action }) => (
        <div
          key={id}
          id={elementId(id)}
          className={cx(
            'flex min-h-9 items-center gap-3 rounded-lg bg-panel px-3 py-1.5 text-sm shadow-pop',
            look === 'alarm' && 'text-err',
            action && 'pointer-events-auto',
          )}
        >
          <p className="min-w-0 break-words">{text}</p>
          {action && (
            <Button
              size="small"
              onClick={() => {
                flushSync(() => remove(id));
                action.run();
                keepFocus();
              }}
            >
              {action.name}
            </Button>
          )}
        </div>
      ))}
    </div>
  );
}

/** Takes a toast away after some seconds, but not from under the pointer or the focus. */
function expire(id: number, seconds: number): void {
  setTimeout(() => {
    const element = document.getElementById(elementId(id));
    if (element?.matches(':hover, :focus-within')) expire(id, 1);
    else remove(id);
  }, seconds * 1_000);
}

function remove(id: number): void {
  change(toasts.filter((other) => other.id !== id));
}

function elementId(id: number): string {
  return `toast-${id}`;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: typeof toasts): void {
  toasts = next;
  for (const listener of listeners) listener();
}
