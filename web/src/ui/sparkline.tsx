import { cx } from './cx.ts';

/** One bar of a sparkline. */
interface SparkBar {
  /** Which of the slots it is in, from 0. */
  readonly slot: number;
  readonly count: number;
  /** How many of them are marked: that part of the bar is red. */
  readonly marked: number;
}

/** Pixels of the highest bar, and of a slot with the gap behind it. */
const height = 18;
const step = 3;

/** How something came and went, as small bars. What the bars show is said in words, too. */
export function Sparkline({
  label,
  slots,
  bars,
  className,
}: {
  /** The same in words: it is read out, and is the tooltip. */
  readonly label: string;
  readonly slots: number;
  readonly bars: readonly SparkBar[];
  readonly className?: string;
}) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const width = slots * step - 1;
  // The smallest bar is seen.
  const pixels = (count: number) => (count === 0 ? 0 : Math.max(2, (count / most) * height));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      className={cx('shrink-0', className)}
    >
      <title>{label}</title>
      <path d={`M0 ${height - 0.5}H${width}`} className="stroke-line" />
      {bars.map(({ slot, count, marked }) => (
        <g key={slot}>
          <Bar slot={slot} pixels={pixels(count)} className="fill-fg-3" />
          <Bar slot={slot} pixels={Math.min(pixels(marked), pixels(count))} className="fill-err" />
        </g>
      ))}
    </svg>
  );
}

function Bar({
  slot,
  pixels,
  className,
}: {
  readonly slot: number;
  readonly pixels: number;
  readonly className: string;
}) {
  return (
    <rect
      x={slot * step}
      y={height - pixels}
      width={step - 1}
      height={pixels}
      className={className}
    />
  );
}
