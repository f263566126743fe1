import { GitMerge } from 'lucide-react';
import type { FileResponse } from '../../api/types.ts';
import { versionLabel } from '../../files/version-code.ts';
import { Button } from '../../ui/button.tsx';

/** Somebody else committed a version while this draft was written. */
export function NewsBanner({
  news,
  onMerge,
  onPassOver,
}: {
  readonly news: FileResponse;
  readonly onMerge: () => void;
  readonly onPassOver: () => void;
}) {
  const { committed_by: by } = news;
  const who = by?.full_name || by?.email_address || 'Somebody';
  return (
    <div
      role="status"
      className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-b border-warn-line bg-warn-soft px-4 py-1.5"
    >
      <GitMerge aria-hidden className="size-3.5 shrink-0 text-warn" />
      <p className="min-w-0 flex-1">
        {who} committed <span className="font-medium">{versionLabel(news)}</span> while you edited.
        {news.version_description && (
          <span className="text-fg-2"> {news.version_description}.</span>
        )}
      </p>
      <Button size="small" onClick={onMerge}>
        Show both and merge
      </Button>
      <Button size="small" look="ghost" onClick={onPassOver}>
        Go on without it
      </Button>
    </div>
  );
}
