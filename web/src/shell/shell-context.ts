import { createContext, useContext } from 'react';

/** What pages and parts may ask of the shell around them. */
interface ShellParts {
  /** Opens the sidebar where there is no room for it. */
  readonly openNavigation: () => void;
  readonly openPalette: () => void;
  readonly openHelp: () => void;
  /** The file whose pages or logs are open. */
  readonly openFile: string | undefined;
  readonly showFile: (fileId: string | undefined) => void;
}

export const ShellContext = createContext<ShellParts | undefined>(undefined);

export function useShell(): ShellParts {
  const shell = useContext(ShellContext);
  if (!shell) throw new Error('This part stands in the shell.');
  return shell;
}
