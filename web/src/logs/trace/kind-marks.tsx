import { MessageSquareText, Wrench } from 'lucide-react';
import { kinds } from '../../files/kinds.ts';
import { cx } from '../../ui/cx.ts';
import type { SpanKind } from './span.ts';

/** How spans look: those of files as their kind does; a turn as a prompt, a call as a tool. */
export const spanLooks = {
  ...kinds,
  turn: { icon: MessageSquareText, label: 'Turn', text: 'text-prompt', fill: 'bg-prompt' },
  call: { icon: Wrench, label: 'Call', text: 'text-tool', fill: 'bg-tool' },
} as const;

export function SpanIcon({
  kind,
  className,
}: {
  readonly kind: SpanKind;
  readonly className?: string;
}) {
  const { icon: Icon, text } = spanLooks[kind];
  return <Icon aria-hidden strokeWidth={2} className={cx('size-3.5 shrink-0', text, className)} />;
}
