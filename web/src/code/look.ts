import { HighlightStyle } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** How editors look: by our own tokens, so one look serves light and dark. */
export const look = EditorView.theme({
  '&': { color: 'var(--fg)', backgroundColor: 'transparent', minHeight: '0', flex: '1 1 auto' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono, "JetBrains Mono Variable", ui-monospace, monospace)',
    fontSize: '0.75rem',
    lineHeight: '1.25rem',
    fontVariantLigatures: 'none',
  },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--fg)' },
  '.cm-line': { padding: '0 0.75rem' },
  '.cm-gutters': { backgroundColor: 'transparent', border: 'none', color: 'var(--fg-3)' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2rem', padding: '0 0 0 0.5rem' },
  '.cm-cursor': { borderLeftColor: 'var(--fg)' },
  '.cm-placeholder': { color: 'var(--fg-3)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { backgroundColor: 'color-mix(in oklch, var(--accent) 24%, transparent)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--active)' },
  '.cm-variable': {
    color: 'var(--accent)',
    backgroundColor: 'var(--accent-soft)',
    borderRadius: '3px',
    padding: '1px 0',
  },
  '.cm-variable-unknown': {
    color: 'var(--warn)',
    backgroundColor: 'var(--warn-soft)',
    textDecoration: 'underline dotted',
  },
  '.cm-fault': { textDecoration: 'underline wavy var(--err)', textUnderlineOffset: '3px' },
  '.cm-fault-line': { backgroundColor: 'var(--err-soft)' },
});

/** Words, in the type of all other words. */
export const proseLook = EditorView.theme({
  '.cm-scroller': { fontFamily: 'inherit', fontSize: '0.8125rem', lineHeight: '1.375rem' },
});

/** Code in colours: names grey, data in the colour of data, as JSON is shown elsewhere. */
export const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.comment], color: 'var(--fg-3)' },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: 'var(--kind-prompt)' },
  { tag: [tags.keyword, tags.operatorKeyword, tags.definitionKeyword], color: 'var(--accent)' },
  { tag: [tags.string], color: 'var(--ok)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.definition(tags.variableName))],
    color: 'var(--fg)',
    fontWeight: '600',
  },
]);
