import { useNavigate } from '@tanstack/react-router';
import { CircleHelp, Contrast, Home, ScrollText, Settings, Text } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { KindIcon } from '../../files/kind-icon.tsx';
import { chooseTheme, useTheme } from '../../theme/theme.ts';
import { settingsSections } from '../settings-sections.ts';

/** One line of the palette. */
export interface PaletteItem {
  readonly key: string;
  readonly name: string;
  readonly about: string;
  readonly icon: ReactNode;
  readonly run: () => void;
}

const icon = 'size-3.5 shrink-0 text-fg-3';

/** The places and actions. */
export function useFixedItems(openHelp: () => void): readonly PaletteItem[] {
  const navigate = useNavigate();
  const { isDark } = useTheme();
  const items: readonly PaletteItem[] = [
    {
      key: 'home',
      name: 'Home',
      about: 'Page',
      icon: <Home className={icon} />,
      run: () => void navigate({ to: '/' }),
    },
    {
      key: 'logs',
      name: 'All logs',
      about: 'Page',
      icon: <ScrollText className={icon} />,
      run: () => void navigate({ to: '/logs' }),
    },
    ...settingsSections.map(({ to, name }) => ({
      key: to,
      name,
      about: 'Settings',
      icon: <Settings className={icon} />,
      run: () => void navigate({ to }),
    })),
    {
      key: 'theme',
      name: isDark ? 'Light theme' : 'Dark theme',
      about: 'Action',
      icon: <Contrast className={icon} />,
      run: () => chooseTheme(isDark ? 'light' : 'dark'),
    },
    {
      key: 'help',
      name: 'Keyboard shortcuts',
      about: 'Action',
      icon: <CircleHelp className={icon} />,
      run: openHelp,
    },
  ];
  return items;
}

/** The log that the text may be the id of. */
export function useLogItem(text: string): readonly PaletteItem[] {
  const navigate = useNavigate();
  if (!/^[\w.:~@+-]{4,255}$/.test(text)) return [];
  return [
    {
      key: 'log',
      name: `Open log ${text}`,
      about: 'Log',
      icon: <Text className={icon} />,
      run: () => void navigate({ to: '/logs/$logId', params: { logId: text } }),
    },
  ];
}

export function useFileItems(files: readonly FileResponse[]): readonly PaletteItem[] {
  const navigate = useNavigate();
  return files.map(({ id, type, name, path }) => ({
    key: id,
    name,
    about: path,
    icon: <KindIcon kind={type} />,
    run: () => void navigate({ to: '/f/$fileId', params: { fileId: id } }),
  }));
}

/** Those items that have all letters of the text, in their order. */
export function rank(items: readonly PaletteItem[], text: string): readonly PaletteItem[] {
  const letters = [...text.trim().toLowerCase()];
  return items.filter(({ name }) => {
    let place = 0;
    return letters.every((letter) => {
      place = name.toLowerCase().indexOf(letter, place) + 1;
      return place > 0;
    });
  });
}
