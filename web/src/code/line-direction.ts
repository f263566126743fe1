import { type Extension, Prec, RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

const byItsWords = Decoration.line({ attributes: { dir: 'auto' } });

/** Each line runs from left to right, or from right to left, as its own words do. */
export const lineDirection: Extension = [
  EditorView.perLineTextDirection.of(true),
  Prec.lowest(
    ViewPlugin.fromClass(
      class {
        decorations: DecorationSet;

        constructor(view: EditorView) {
          this.decorations = linesInView(view);
        }

        update({ docChanged, viewportChanged, view }: ViewUpdate) {
          if (docChanged || viewportChanged) this.decorations = linesInView(view);
        }
      },
      { decorations: (plugin) => plugin.decorations },
    ),
  ),
];

function linesInView({ visibleRanges, state: { doc } }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = doc.lineAt(at);
      builder.add(line.from, line.from, byItsWords);
      at = line.to + 1;
    }
  }
  return builder.finish();
}
