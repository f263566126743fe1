import { cx } from '../../ui/cx.ts';
import { isComposed, isNumber } from './json-text.ts';

/** The members of a value, one in a line: what a person reads before the JSON. */
export function Fields({ value }: { readonly value: unknown }) {
  if (!isComposed(value) || Array.isArray(value)) {
    return (
      <p className="font-mono text-xs break-words whitespace-pre-wrap">
        {typeof value === 'string' ? value : JSON.stringify(value)}
      </p>
    );
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return <p className="text-xs text-fg-3">None</p>;
  return (
    <dl className="grid grid-cols-[minmax(4.5rem,auto)_minmax(0,1fr)] gap-x-3 gap-y-0.5 font-mono text-xs leading-5">
      {entries.map(([name, one]) => (
        <div key={name} className="contents">
          <dt className="max-w-40 truncate text-fg-3" title={name}>
            {name}
          </dt>
          <dd className={cx('break-words whitespace-pre-wrap', isNumber(one) && 'num text-prompt')}>
            {typeof one === 'string' ? one : JSON.stringify(one)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
