import { useEffect, useRef } from 'react';
import { keyOf, type ShortcutName, shortcuts } from './shortcuts.ts';
import { singleKeysAreOn } from './single-keys.ts';

/** What some shortcuts do while a part of the page is there. The part that came last is asked first. */
export type Bindings = { readonly [name in ShortcutName]?: (() => void) | undefined };

const bound: { current: Bindings }[] = [];
/** Milliseconds in which the second key of two has to come. */
const patienceMs = 1_000;
let before: { readonly key: string; readonly at: number } | undefined;

/** Binds shortcuts while the component is there. */
export function useShortcuts(bindings: Bindings): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    if (bound.length === 0) addEventListener('keydown', onKey);
    bound.push(latest);
    return () => {
      bound.splice(bound.indexOf(latest), 1);
      if (bound.length === 0) removeEventListener('keydown', onKey);
    };
  }, []);
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const key = keyOf(event);
  const isTyped = !key.startsWith('Mod+') && key !== 'Escape';
  if (key === '' || (isTyped && (isEditable(event.target) || !singleKeysAreOn()))) return;
  // A dialog has the keyboard to itself, but for what closes and opens the palette.
  if (isTyped && document.querySelector('[role=dialog], [role=alertdialog]')) return;
  const sequence = before && event.timeStamp - before.at < patienceMs ? `${before.key} ${key}` : '';
  const act = actionFor(sequence) ?? actionFor(key);
  before = act ? undefined : { key, at: event.timeStamp };
  if (!act) return;
  event.preventDefault();
  act();
}

function actionFor(keys: string): (() => void) | undefined {
  for (const { current } of bound.toReversed()) {
    for (const [name, act] of Object.entries(current)) {
      const { keys: known } = shortcuts[name as ShortcutName];
      if (act && (known as readonly string[]).includes(keys)) return act;
    }
  }
  return undefined;
}

function isEditable(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  );
}
