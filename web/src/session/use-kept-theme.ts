import { useEffect } from 'react';
import { api } from '../api/client.ts';
import { showTheme, whenThemeChosen } from '../theme/theme.ts';
import { useMe } from './session.ts';

/**
 * Keeps the theme with the member, so that it is the same in all their browsers. Who has never chosen one
 * there keeps that of the browser.
 */
export function useKeptTheme(): void {
  const me = useMe();
  const isMember = me?.caller.type === 'session';
  const appearance = me?.member.appearance ?? 'system';
  const memberId = me?.member.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: for each member once, as they come
  useEffect(() => {
    if (appearance !== 'system') showTheme(appearance);
  }, [memberId]);
  useEffect(() => {
    if (!isMember) return;
    // What the server does not keep, the browser has.
    return whenThemeChosen((theme) => {
      api.PATCH('/v5/me', { body: { appearance: theme } }).catch(() => undefined);
    });
  }, [isMember]);
}
