import { RadioGroup } from '../../ui/radio-group.tsx';
import { columnsOf, keyOf, labelOf, textIn } from './columns.ts';
import { type Content, contentOf } from './content.ts';
import type { Conflict, Side } from './merge.ts';

/** A row that was changed here and there: how it was, how it is on both sides, and which of them stays. */
export function ConflictChoice({
  conflict: { before, mine, theirs },
  row,
  side,
  onChange,
}: {
  readonly conflict: Conflict;
  /** Its number, from 1, before both changes. */
  readonly row: number;
  readonly side: Side;
  readonly onChange: (side: Side) => void;
}) {
  const their = theirs && contentOf(theirs);
  return (
    <section className="grid min-w-0 gap-2 border-b border-line pb-3">
      <RadioGroup
        label={`Both changed row ${row}`}
        value={side}
        onChange={onChange}
        options={[
          { value: 'mine', name: mine ? 'Keep yours' : 'Remove it, as you did' },
          { value: 'theirs', name: theirs ? 'Take theirs' : 'Remove it, as they did' },
          ...(mine && theirs ? [{ value: 'both' as const, name: 'Keep both rows' }] : []),
        ]}
      />
      <Sides before={before} mine={mine} theirs={their} label={`Row ${row}`} />
    </section>
  );
}

/** The cells of a row that are not the same on both sides. */
function Sides({
  before,
  mine,
  theirs,
  label,
}: {
  readonly before: Content;
  readonly mine: Content | undefined;
  readonly theirs: Content | undefined;
  readonly label: string;
}) {
  const contents = [before, mine, theirs].filter((one) => one !== undefined);
  const columns = columnsOf(contents).filter(
    (column) => new Set(contents.map((one) => textIn(one, column))).size > 1,
  );
  // Where one side removed the row, the other shows what would be lost.
  const shown = columns.length > 0 ? columns : columnsOf(contents);
  const cell = (content: Content | undefined, column: (typeof columns)[number]) => (
    <td className="max-w-40 px-2 py-1 align-top break-words whitespace-pre-wrap">
      {content ? textIn(content, column) : <span className="text-fg-3">removed</span>}
    </td>
  );
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={`${label}: before, yours, and theirs`}
      className="max-h-48 min-w-0 overflow-auto rounded-md border border-line bg-sunken text-xs -outline-offset-2"
    >
      <table className="w-full">
        <thead className="text-2xs text-fg-3">
          <tr className="text-left *:px-2 *:py-1 *:font-medium">
            <td />
            <th scope="col">Before</th>
            <th scope="col">Yours</th>
            <th scope="col">Theirs</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((column) => (
            <tr key={keyOf(column)} className="border-t border-line">
              <th
                scope="row"
                className="max-w-28 truncate px-2 py-1 text-left align-top font-normal text-fg-3"
              >
                {labelOf(column)}
              </th>
              {cell(before, column)}
              {cell(mine, column)}
              {cell(theirs, column)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
