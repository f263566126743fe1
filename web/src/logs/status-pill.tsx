import {
  Check,
  CircleAlert,
  CircleDashed,
  CirclePause,
  KeyRound,
  LoaderCircle,
} from 'lucide-react';
import { cx } from '../ui/cx.ts';
import type { SpanStatus } from './trace/span.ts';
import { statusWords } from './trace/span-words.ts';

const looks = {
  running: { icon: LoaderCircle, look: 'text-accent bg-accent-soft' },
  suspended: { icon: CirclePause, look: 'text-warn bg-warn-soft' },
  interrupted: { icon: KeyRound, look: 'text-warn bg-warn-soft' },
  incomplete: { icon: CircleDashed, look: 'text-fg-2 bg-active' },
  complete: { icon: Check, look: 'text-ok bg-ok-soft' },
  error: { icon: CircleAlert, look: 'text-err bg-err-soft' },
} as const;

/** How a log or a span stands: icon, word and colour. */
export function StatusPill({
  status,
  word = statusWords[status],
}: {
  readonly status: SpanStatus;
  readonly word?: string;
}) {
  const { icon: Icon, look } = looks[status];
  return (
    <span
      className={cx(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded-full px-2 text-2xs font-medium whitespace-nowrap',
        look,
      )}
    >
      <Icon
        aria-hidden
        strokeWidth={2.4}
        className={cx('size-3', status === 'running' && 'animate-spin')}
      />
      {word}
    </span>
  );
}
