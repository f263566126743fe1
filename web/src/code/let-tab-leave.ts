import type { EditorView } from '@codemirror/view';

/** Milliseconds in which Tab leaves a field of code after Escape. */
const patienceMs = 2_000;

/**
 * Makes Tab leave a field of code after Escape, also in a dialog, which would close by the same key: it
 * hears of the second Escape alone.
 *
 * @returns what ends that.
 */
export function letTabLeave(view: () => EditorView | undefined): () => void {
  let until = 0;
  const onKey = (event: KeyboardEvent) => {
    const current = view();
    if (event.key !== 'Escape' || !current?.hasFocus || Date.now() < until) return;
    until = Date.now() + patienceMs;
    current.setTabFocusMode(patienceMs);
    event.stopPropagation();
  };
  // Dialogs listen to the document, before the event comes to the field.
  addEventListener('keydown', onKey, true);
  return () => removeEventListener('keydown', onKey, true);
}
