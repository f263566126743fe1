import type { Extension, Range, Text } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';
import type { CodeFault } from './code-fault.ts';

/** Marks the places of faults. What they say stands below the editor, where everybody reads it. */
export function faultMarks(faults: readonly CodeFault[]): Extension {
  if (faults.length === 0) return [];
  return EditorView.decorations.compute(['doc'], ({ doc }) =>
    Decoration.set(
      faults.flatMap((fault) => marksOf(doc, fault)),
      true,
    ),
  );
}

function marksOf(
  doc: Text,
  { line: number, column, says }: CodeFault,
): readonly Range<Decoration>[] {
  const line = doc.line(Math.max(1, Math.min(number, doc.lines)));
  const from = Math.min(line.from + column - 1, line.to);
  const mark = Decoration.mark({ class: 'cm-fault', attributes: { title: says } });
  return [
    Decoration.line({ class: 'cm-fault-line' }).range(line.from),
    ...(from < line.to ? [mark.range(from, line.to)] : []),
  ];
}
