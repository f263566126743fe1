import { cx } from '../ui/cx.ts';

/** Where something will be. It is seen only if it takes long enough to be missed. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <div aria-hidden className={cx('late rounded-md bg-active', className)} />;
}

/** Lines of a list that will be there. */
export function SkeletonRows({
  rows,
  className,
}: {
  readonly rows: number;
  readonly className?: string;
}) {
  return (
    <div className={cx('grid content-start gap-3 p-3', className)}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <Skeleton key={row} className="h-4" />
      ))}
    </div>
  );
}
