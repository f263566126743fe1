// Every key of the UI. What a key does is bound where it is done (`useShortcut`); that it exists, and
// what it is called, is said here alone, and the help lists this table.

interface Shortcut {
  /** As `event.key` has it; two for one after the other (`g h`); `Mod` is Cmd on a Mac, Ctrl elsewhere. */
  readonly keys: readonly string[];
  readonly says: string;
  readonly group: 'Everywhere' | 'Lists and traces' | 'A log' | 'The editor';
}

export const shortcuts = {
  palette: { keys: ['Mod+k'], says: 'Find a file, a log or an action', group: 'Everywhere' },
  help: { keys: ['?'], says: 'Show these shortcuts', group: 'Everywhere' },
  sidebar: { keys: ['Mod+b'], says: 'Fold the sidebar', group: 'Everywhere' },
  send: { keys: ['Mod+enter'], says: 'Send the form', group: 'Everywhere' },
  copyLink: { keys: ['c'], says: 'Copy a link to what is in view', group: 'Everywhere' },
  goHome: { keys: ['g h'], says: 'Go to Home', group: 'Everywhere' },
  goLogs: { keys: ['g l'], says: 'Go to all logs', group: 'Everywhere' },
  goSettings: { keys: ['g s'], says: 'Go to Settings', group: 'Everywhere' },
  down: { keys: ['j', 'ArrowDown'], says: 'Next row', group: 'Lists and traces' },
  up: { keys: ['k', 'ArrowUp'], says: 'Row before', group: 'Lists and traces' },
  pageDown: { keys: ['PageDown'], says: 'A page down', group: 'Lists and traces' },
  pageUp: { keys: ['PageUp'], says: 'A page up', group: 'Lists and traces' },
  first: { keys: ['Home'], says: 'First row', group: 'Lists and traces' },
  last: { keys: ['End'], says: 'Last row', group: 'Lists and traces' },
  unfold: { keys: ['ArrowRight'], says: 'Unfold, or go in', group: 'Lists and traces' },
  fold: { keys: ['ArrowLeft'], says: 'Fold, or go out', group: 'Lists and traces' },
  open: { keys: ['Enter'], says: 'Open', group: 'Lists and traces' },
  peek: { keys: [' '], says: 'Peek', group: 'Lists and traces' },
  choose: { keys: ['x'], says: 'Choose the row', group: 'Lists and traces' },
  search: { keys: ['/'], says: 'Search in this page', group: 'Lists and traces' },
  filter: { keys: ['f'], says: 'Filter', group: 'Lists and traces' },
  close: { keys: ['Escape'], says: 'Close what is open', group: 'Lists and traces' },
  previousLog: { keys: ['['], says: 'Log before', group: 'A log' },
  nextLog: { keys: [']'], says: 'Next log', group: 'A log' },
  viewConversation: { keys: ['v c'], says: 'Show the conversation', group: 'A log' },
  viewTrace: { keys: ['v t'], says: 'Show the trace', group: 'A log' },
  viewRaw: { keys: ['v r'], says: 'Show it raw', group: 'A log' },
  zoom: { keys: ['z'], says: 'Zoom to the span', group: 'A log' },
  zoomOut: { keys: ['0'], says: 'Zoom out to all', group: 'A log' },
  nextError: { keys: ['e'], says: 'Next error', group: 'A log' },
  run: { keys: ['Mod+enter'], says: 'Run', group: 'The editor' },
  stopRun: { keys: ['Mod+.'], says: 'Stop the run', group: 'The editor' },
  commit: { keys: ['Mod+s'], says: 'Commit the changes', group: 'The editor' },
  differences: { keys: ['d'], says: 'Show how two answers differ', group: 'The editor' },
} as const satisfies Readonly<Record<string, Shortcut>>;

export type ShortcutName = keyof typeof shortcuts;

const isMac = /Mac|iP(hone|ad)/.test(globalThis.navigator?.platform ?? '');

const shownKeys: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  Escape: 'Esc',
  enter: 'Enter',
  Mod: isMac ? '⌘' : 'Ctrl',
  ' ': 'Space',
};

/** The first keys of a shortcut, as they are shown: `⌘ K`, `G H`, `?`. */
export function keysOf(name: ShortcutName): string {
  return shown(shortcuts[name].keys[0]);
}

/** Keys as they are shown. */
export function shown(keys: string): string {
  return keys === ' '
    ? 'Space'
    : keys
        .split(/[ +]/)
        .map((key) => shownKeys[key] ?? (key.length === 1 ? key.toUpperCase() : key))
        .join(' ');
}

/** The key of an event in the form of the table: `Mod+k`, `j`, `ArrowDown`. */
export function keyOf(
  event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey'>,
): string {
  const isMod = isMac ? event.metaKey : event.ctrlKey;
  if (event.altKey || (!isMod && (event.metaKey || event.ctrlKey))) return '';
  return isMod ? `Mod+${event.key.toLowerCase()}` : event.key;
}
