import type { FileKind } from '../api/types.ts';
import { cx } from '../ui/cx.ts';
import { kinds } from './kinds.ts';

export function KindIcon({
  kind,
  className,
}: {
  readonly kind: FileKind;
  readonly className?: string;
}) {
  const { icon: Icon, text } = kinds[kind];
  return <Icon aria-hidden strokeWidth={2} className={cx('size-3.5 shrink-0', text, className)} />;
}
