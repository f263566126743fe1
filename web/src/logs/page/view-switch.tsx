import { useSearch } from '@tanstack/react-router';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { Segments } from '../../ui/segments.tsx';
import { type LogPageView, logViews } from './log-search.ts';
import { useLook } from './use-look.ts';

const names = { both: 'Both', conversation: 'Conversation', trace: 'Trace', raw: 'Raw' } as const;
const keys = {
  both: undefined,
  conversation: 'viewConversation',
  trace: 'viewTrace',
  raw: 'viewRaw',
} as const;

/** Which view of the log is shown. Both at once need room. */
export function ViewSwitch({ isWide }: { readonly isWide: boolean }) {
  const { view } = useSearch({ from: '/signed-in/logs/$logId' });
  const change = useLook();
  const choices: readonly ('both' | LogPageView)[] = isWide ? ['both', ...logViews] : logViews;
  return (
    <Segments
      label="View"
      value={view ?? (isWide ? 'both' : 'conversation')}
      choices={choices.map((choice) => {
        const key = keys[choice];
        return { value: choice, name: names[choice], shortcut: key && keysOf(key) };
      })}
      onChange={(choice) => change({ view: choice === 'both' ? undefined : choice })}
      className="max-lg:w-full"
    />
  );
}
