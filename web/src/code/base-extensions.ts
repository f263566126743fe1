import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { bracketMatching, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { styleNonce } from '../ui/style-nonce.ts';
import { type CodeLanguage, isProse, tabIndents } from './languages.ts';
import { lineDirection } from './line-direction.ts';
import { colours, look, proseLook } from './look.ts';

/** What every editor does, whatever is in it. */
export function baseExtensions({
  label,
  language,
  placeholder: hint,
  isReadOnly,
  isInvalid,
  describedBy,
}: {
  readonly label: string;
  readonly language: CodeLanguage;
  readonly placeholder: string | undefined;
  readonly isReadOnly: boolean;
  readonly isInvalid: boolean;
  readonly describedBy: string | undefined;
}): Extension {
  const isCode = tabIndents[language];
  return [
    EditorView.cspNonce.of(styleNonce),
    // The first of two that say something of the same counts.
    isProse(language) ? [proseLook, lineDirection] : [],
    look,
    syntaxHighlighting(colours),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-invalid': String(isInvalid),
      'aria-multiline': 'true',
      spellcheck: String(isProse(language)),
      ...(describedBy && { 'aria-describedby': describedBy }),
      // What scrolls is reached by Tab, also where axe does not know that one can write in it.
      tabindex: '0',
      ...(isReadOnly && { 'aria-readonly': 'true' }),
    }),
    EditorState.readOnly.of(isReadOnly),
    EditorView.editable.of(!isReadOnly),
    history(),
    drawSelection(),
    indentUnit.of('  '),
    // Cmd+Enter runs and Cmd+S commits, wherever one is.
    keymap.of([
      ...(isCode ? [indentWithTab] : []),
      ...defaultKeymap.filter(({ key }) => key !== 'Mod-Enter'),
      ...historyKeymap,
    ]),
    isCode ? [lineNumbers(), bracketMatching()] : [],
    hint ? placeholder(hint) : [],
  ];
}
