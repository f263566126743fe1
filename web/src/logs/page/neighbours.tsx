import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ChevronDown, ChevronUp } from 'lucide-react';
import { readJson } from '../../api/client.ts';
import type { AnswerOf } from '../../api/types.ts';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** The log before this one and the next, in the list from which the reader came, with its filters. */
export function Neighbours({ logId }: { readonly logId: string }) {
  const { within } = useSearch({ from: '/signed-in/logs/$logId' });
  const navigate = useNavigate();
  const { data } = useQuery({
    queryKey: ['neighbours', logId, within],
    queryFn: ({ signal }) =>
      readJson<AnswerOf<'/v5/logs/{log_id}/neighbours'>>(
        `/v5/logs/${encodeURIComponent(logId)}/neighbours?${within}`,
        { signal },
      ),
    enabled: within !== undefined,
    retry: false,
  });
  const go = (id: string | null | undefined) => {
    if (!id) return;
    const search = within === undefined ? {} : { within };
    void navigate({ to: '/logs/$logId', params: { logId: id }, search, replace: true });
  };
  const previous = data?.previous;
  const next = data?.next;
  useShortcuts({ previousLog: () => go(previous), nextLog: () => go(next) });
  if (within === undefined) return null;
  return (
    <span className="flex max-sm:hidden">
      <IconButton
        label="Log before"
        shortcut={keysOf('previousLog')}
        disabled={!previous}
        onClick={() => go(previous)}
      >
        <ChevronUp className="size-4" />
      </IconButton>
      <IconButton
        label="Next log"
        shortcut={keysOf('nextLog')}
        disabled={!next}
        onClick={() => go(next)}
      >
        <ChevronDown className="size-4" />
      </IconButton>
    </span>
  );
}
