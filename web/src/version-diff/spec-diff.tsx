import { ArrowRight } from 'lucide-react';
import { useMemo } from 'react';
import type { FileKind } from '../api/types.ts';
import { TextDiff } from '../diff/text-diff.tsx';
import { cx } from '../ui/cx.ts';
import type { Change } from './diff-facts.ts';
import { diffSpecs } from './diff-specs.ts';
import type { Spec } from './spec-facts.ts';

/** Whether long texts stand beside each other, or in one with the words marked. */
export type DiffLayout = 'unified' | 'side-by-side';

type How = Extract<Change, { type: 'group' }>['how'];

/** What is different between two versions, by field. */
export function SpecDiff({
  kind,
  before,
  after,
  layout = 'unified',
}: {
  readonly kind: FileKind;
  readonly before: Spec;
  readonly after: Spec;
  readonly layout?: DiffLayout;
}) {
  const sections = useMemo(() => diffSpecs(kind, before, after), [kind, before, after]);
  if (sections.length === 0) return <p className="text-fg-3">Nothing is different.</p>;
  return (
    <div className="grid min-w-0 gap-5">
      {sections.map(({ name, changes }) => (
        <section key={name} className="grid min-w-0 gap-2">
          <h3 className="font-medium">{name}</h3>
          <ChangeList changes={changes} layout={layout} />
        </section>
      ))}
    </div>
  );
}

function ChangeList({
  changes,
  layout,
  within = 'changed',
}: {
  readonly changes: readonly Change[];
  readonly layout: DiffLayout;
  /** What happened to all of it: then there is no before, or no after. */
  readonly within?: How;
}) {
  return (
    <ul className="grid min-w-0 gap-2">
      {changes.map((change) => (
        <li key={`${change.type} ${change.name}`} className="min-w-0">
          <ChangeView change={change} layout={layout} within={within} />
        </li>
      ))}
    </ul>
  );
}

function ChangeView({
  change,
  layout,
  within,
}: {
  readonly change: Change;
  readonly layout: DiffLayout;
  readonly within: How;
}) {
  switch (change.type) {
    case 'value':
      return (
        <p className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <span className="text-fg-3">{change.name}</span>
          {within !== 'added' && <ShortValue value={change.before} look="removed" />}
          {within === 'changed' && (
            <ArrowRight aria-label="becomes" className="size-3 self-center text-fg-3" />
          )}
          {within !== 'removed' && <ShortValue value={change.after} look="added" />}
        </p>
      );
    case 'text':
    case 'code':
      return <LongText {...change} isCode={change.type === 'code'} layout={layout} />;
    case 'group':
      return (
        <div className="grid min-w-0 gap-1.5">
          <p className="flex flex-wrap items-baseline gap-2">
            <span className="font-mono text-xs break-all">{change.name}</span>
            <span
              className={cx(
                'text-xs',
                change.how === 'added' && 'text-ok',
                change.how === 'removed' && 'text-err',
                change.how === 'changed' && 'text-fg-3',
              )}
            >
              {change.how}
            </span>
          </p>
          <div className="border-l border-line pl-3">
            <ChangeList changes={change.changes} layout={layout} within={change.how} />
          </div>
        </div>
      );
  }
}

function ShortValue({
  value,
  look,
}: {
  readonly value: string | undefined;
  readonly look: 'removed' | 'added';
}) {
  if (value === undefined) return <span className="text-fg-3 italic">not set</span>;
  const Mark = look === 'removed' ? 'del' : 'ins';
  return (
    <Mark
      className={cx(
        'min-w-0 rounded-[3px] px-0.5 font-mono text-xs break-words no-underline',
        look === 'removed' ? 'bg-err-soft text-err line-through' : 'bg-ok-soft text-ok',
      )}
    >
      {value === '' ? 'empty' : value}
    </Mark>
  );
}

function LongText({
  name,
  before = '',
  after = '',
  isCode,
  layout,
}: {
  readonly name: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly isCode: boolean;
  readonly layout: DiffLayout;
}) {
  const look = cx(
    'min-w-0 rounded-md border border-line bg-panel px-3 py-2 break-words whitespace-pre-wrap',
    isCode ? 'font-mono text-xs leading-5' : 'text-base',
  );
  return (
    <div className="grid min-w-0 gap-1">
      <p className="text-fg-3">{name}</p>
      {layout === 'side-by-side' ? (
        <div className="grid min-w-0 grid-cols-2 gap-2 max-md:grid-cols-1">
          <div className={look}>
            <TextDiff before={before} after={after} side="before" />
          </div>
          <div className={look}>
            <TextDiff before={before} after={after} side="after" />
          </div>
        </div>
      ) : (
        <div className={look}>
          <TextDiff before={before} after={after} />
        </div>
      )}
    </div>
  );
}
