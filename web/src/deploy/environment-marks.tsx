import type { Environment } from '../files/environment-queries.ts';
import { cx } from '../ui/cx.ts';

/** The environments to which a version is deployed: a dot and a name each. */
export function EnvironmentMarks({
  environments,
  className,
}: {
  readonly environments: readonly Pick<Environment, 'id' | 'name' | 'tag'>[];
  readonly className?: string;
}) {
  return (
    <span className={cx('flex min-w-0 flex-wrap gap-x-2.5 gap-y-0.5', className)}>
      {environments.map((environment) => (
        <EnvironmentMark key={environment.id} environment={environment} />
      ))}
    </span>
  );
}

/** One environment. The dot of the default one is full, since calls that name none get what is there. */
export function EnvironmentMark({
  environment: { name, tag },
}: {
  readonly environment: Pick<Environment, 'name' | 'tag'>;
}) {
  const isDefault = tag === 'default';
  return (
    <span
      className="inline-flex min-w-0 items-center gap-1.5 text-xs text-fg-2"
      title={isDefault ? 'The default environment' : undefined}
    >
      <span
        aria-hidden
        className={cx(
          'size-2 shrink-0 rounded-full border-[1.5px] border-ok',
          isDefault && 'bg-ok',
        )}
      />
      <span className="truncate">{name}</span>
    </span>
  );
}
