import { Moon, Sun } from 'lucide-react';
import { IconButton } from '../ui/icon-button.tsx';
import { chooseTheme, useTheme } from './theme.ts';

/** Turns light into dark and back. What the system says is chosen in the settings. */
export function ThemeButton() {
  const { isDark } = useTheme();
  const Icon = isDark ? Sun : Moon;
  return (
    <IconButton
      label={isDark ? 'Light theme' : 'Dark theme'}
      onClick={() => chooseTheme(isDark ? 'light' : 'dark')}
    >
      <Icon className="size-4" />
    </IconButton>
  );
}
