import { counted } from '../../format/format.ts';
import { ColumnPreview } from './column-preview.tsx';
import { columnsOf, keyOf, labelOf, textIn } from './columns.ts';
import type { JsonLines, LineFault } from './json-lines.ts';

/** Lines that are named when something is wrong with them; of more it is said how many. */
const mostNamed = 5;

/** What is in JSON lines, or which of them are no rows. */
export function LinesPreview({ contents, faults }: JsonLines) {
  if (faults.length > 0) return <LineFaults faults={faults} />;
  return (
    <section aria-label="What is in the lines" className="grid min-w-0 gap-2">
      {columnsOf(contents).map((column) => (
        <ColumnPreview
          key={keyOf(column)}
          name={labelOf(column)}
          values={contents.map((content) => textIn(content, column))}
        />
      ))}
    </section>
  );
}

/** The first lines with which something is wrong. */
export function LineFaults({ faults }: { readonly faults: readonly LineFault[] }) {
  return (
    <div role="alert" className="grid gap-1 text-xs text-err">
      {faults.slice(0, mostNamed).map(({ line, says }) => (
        <p key={line} className="break-words">
          Line {line}: {says}
        </p>
      ))}
      {faults.length > mostNamed && <p>And {counted(faults.length - mostNamed, 'more line')}.</p>}
    </div>
  );
}
