import { ArrowUp } from 'lucide-react';
import { counted } from '../../format/format.ts';
import { Button } from '../../ui/button.tsx';

/** How many logs came meanwhile, and the way to them. */
export function NewLogs({
  count,
  onShow,
}: {
  readonly count: number;
  readonly onShow: () => void;
}) {
  if (count === 0) return null;
  return (
    <Button
      onClick={onShow}
      className="absolute top-10 left-1/2 z-10 -translate-x-1/2 rounded-full shadow-pop"
    >
      <ArrowUp aria-hidden className="size-3.5" />
      {counted(count, 'new log')}
    </Button>
  );
}
