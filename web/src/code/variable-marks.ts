import type { Extension } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';

/** `{{ name }}`, and Jinja's `{% … %}`. Linear: no attempt goes beyond a brace. */
const placeholder = /\{\{([^{}]*)\}\}|\{%([^{}]*)%\}/g;

/** Marks the variables of a template; those without a value in another way. */
export function variableMarks(unknown: ReadonlySet<string>): Extension {
  const decorator = new MatchDecorator({
    regexp: placeholder,
    decoration: ([, name]) =>
      name !== undefined && unknown.has(name.trim()) ? unknownMark : knownMark,
  });
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = decorator.createDeco(view);
      }

      update(update: ViewUpdate) {
        this.decorations = decorator.updateDeco(update, this.decorations);
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

const knownMark = Decoration.mark({ class: 'cm-variable' });
const unknownMark = Decoration.mark({
  class: 'cm-variable cm-variable-unknown',
  attributes: { title: 'This variable has no value yet' },
});
