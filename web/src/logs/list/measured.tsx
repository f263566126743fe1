/** A number that is coloured when it stands out from what is listed; of few logs nothing stands out. */
export function Measured({
  value,
  p95,
  p99,
  what,
  children,
}: {
  readonly value: number;
  readonly p95: number | null | undefined;
  readonly p99: number | null | undefined;
  readonly what: string;
  readonly children: string;
}) {
  const isRare = p99 !== null && p99 !== undefined && value > p99;
  const isHigh = p95 !== null && p95 !== undefined && value > p95;
  const about = isRare ? 'p99' : isHigh ? 'p95' : undefined;
  return (
    <span
      title={about && `Above the ${about} of the ${what} of what is listed`}
      className={isRare ? 'text-err' : isHigh ? 'text-warn' : 'text-fg-2'}
    >
      {children}
    </span>
  );
}
