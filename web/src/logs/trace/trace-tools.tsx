import { ChevronsDownUp, ChevronsUpDown, Maximize2, Search, TriangleAlert, X } from 'lucide-react';
import { useRef } from 'react';
import { counted } from '../../format/format.ts';
import { keysOf } from '../../keyboard/shortcuts.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';

/** What is done with a trace: find, go to errors, fold, zoom out. */
export function TraceTools({
  sought,
  onSeek,
  errors,
  onError,
  isFolded,
  onFold,
  onZoomOut,
}: {
  readonly sought: string;
  readonly onSeek: (words: string) => void;
  /** How many spans have failed. */
  readonly errors: number;
  /** Goes to the next of them. */
  readonly onError: () => void;
  readonly isFolded: boolean;
  /** Undefined: there is nothing to fold. */
  readonly onFold: (() => void) | undefined;
  /** Undefined: all is shown. */
  readonly onZoomOut: (() => void) | undefined;
}) {
  const field = useRef<HTMLInputElement>(null);
  useShortcuts({
    search: () => field.current?.focus(),
    zoomOut: onZoomOut,
    nextError: errors > 0 ? onError : undefined,
  });
  return (
    <div className="flex h-9 shrink-0 items-center gap-1 border-b border-line pr-2 pl-3 coarse:h-12">
      <Search aria-hidden className="size-3.5 shrink-0 text-fg-3" />
      <input
        ref={field}
        aria-label="Find a span"
        placeholder="Find a span"
        value={sought}
        onChange={(event) => onSeek(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          onSeek('');
          event.currentTarget.blur();
        }}
        className="h-7 min-w-0 flex-1 rounded-md bg-transparent px-1 text-sm placeholder:text-fg-3 coarse:h-10"
      />
      {sought !== '' && (
        <IconButton label="Show all spans" onClick={() => onSeek('')}>
          <X className="size-3.5" />
        </IconButton>
      )}
      {errors > 0 && (
        <Button look="alarm" size="small" onClick={onError} className="num">
          <TriangleAlert aria-hidden className="size-3" />
          {counted(errors, 'error')}
        </Button>
      )}
      <IconButton label={isFolded ? 'Unfold all' : 'Fold all'} disabled={!onFold} onClick={onFold}>
        {isFolded ? (
          <ChevronsUpDown className="size-3.5" />
        ) : (
          <ChevronsDownUp className="size-3.5" />
        )}
      </IconButton>
      <IconButton
        label="Show all of the time"
        shortcut={keysOf('zoomOut')}
        disabled={!onZoomOut}
        onClick={onZoomOut}
      >
        <Maximize2 className="size-3.5" />
      </IconButton>
    </div>
  );
}
