import type { KeyboardEvent } from 'react';
import { keyOf, type ShortcutName, shortcuts } from './shortcuts.ts';

/** Does what a key means in a grid that has the focus, if it means something there. */
export function pressInGrid(
  event: KeyboardEvent,
  actions: { readonly [name in ShortcutName]?: () => void },
): void {
  const key = keyOf(event.nativeEvent);
  const name = (Object.keys(actions) as ShortcutName[]).find((candidate) =>
    (shortcuts[candidate].keys as readonly string[]).includes(key),
  );
  const act = name && actions[name];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}
