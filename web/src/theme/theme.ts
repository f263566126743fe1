import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

// public/theme.js reads it before the first paint.
const storage = 'loopwright.theme';
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
const choosers = new Set<(theme: Theme) => void>();

systemIsDark.addEventListener('change', apply);

/** What the reader chose, and whether the page is dark now. */
export function useTheme(): { readonly theme: Theme; readonly isDark: boolean } {
  const theme = useSyncExternalStore(subscribe, chosen);
  const isDark = useSyncExternalStore(subscribe, isDarkNow);
  return { theme, isDark };
}

/** Calls a function when the reader chooses a theme. @returns what ends that. */
export function whenThemeChosen(then: (theme: Theme) => void): () => void {
  choosers.add(then);
  return () => choosers.delete(then);
}

export function chooseTheme(theme: Theme): void {
  showTheme(theme);
  for (const then of choosers) then(theme);
}

/** Shows a theme that was chosen elsewhere. */
export function showTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(storage);
  else localStorage.setItem(storage, theme);
  apply();
}

function apply(): void {
  document.documentElement.classList.toggle('dark', isDarkNow());
  for (const listener of listeners) listener();
}

function chosen(): Theme {
  const stored = localStorage.getItem(storage);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function isDarkNow(): boolean {
  const theme = chosen();
  return theme === 'system' ? systemIsDark.matches : theme === 'dark';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
