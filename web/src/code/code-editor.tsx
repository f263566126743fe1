import { Compartment, EditorState, type Extension, Transaction } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useId, useMemo, useRef } from 'react';
import { baseExtensions } from './base-extensions.ts';
import type { CodeFieldProps } from './code-field-props.ts';
import { faultMarks } from './fault-marks.ts';
import { grammarOf } from './grammars.ts';
import { tabIndents } from './languages.ts';
import { letTabLeave } from './let-tab-leave.ts';
import { variableMarks } from './variable-marks.ts';

/** The editor of a field. What it holds is the `value`; what the reader types is told, and comes back as it. */
export function CodeEditor({
  label,
  value,
  onChange,
  language,
  placeholder,
  faults,
  unknownVariables,
}: CodeFieldProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const latest = useRef(onChange);
  latest.current = onChange;
  const [fixed, grammar, marks] = useMemo(
    () => [new Compartment(), new Compartment(), new Compartment()] as const,
    [],
  );
  const hintId = useId();
  const isReadOnly = onChange === undefined;
  const hasFaults = (faults?.length ?? 0) > 0;
  const hasHint = tabIndents[language] && !isReadOnly;
  const state: Extension = useMemo(
    () =>
      baseExtensions({
        label,
        language,
        placeholder,
        isReadOnly,
        isInvalid: hasFaults,
        describedBy: hasHint ? hintId : undefined,
      }),
    [label, language, placeholder, isReadOnly, hasFaults, hasHint, hintId],
  );
  const shownMarks: Extension = useMemo(
    () => [
      faultMarks(faults ?? []),
      tabIndents[language] ? [] : variableMarks(unknownVariables ?? none),
    ],
    [faults, language, unknownVariables],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what changes is changed below
  useEffect(() => {
    if (!box.current) return;
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          fixed.of(state),
          grammar.of([]),
          marks.of(shownMarks),
          EditorView.updateListener.of(({ docChanged, transactions, state: { doc } }) => {
            const isTyped = transactions.some((one) => one.annotation(Transaction.remote) !== true);
            if (docChanged && isTyped) latest.current?.(doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => view.current?.dispatch({ effects: fixed.reconfigure(state) }), [fixed, state]);
  useEffect(
    () => view.current?.dispatch({ effects: marks.reconfigure(shownMarks) }),
    [marks, shownMarks],
  );
  useEffect(() => (hasHint ? letTabLeave(() => view.current) : undefined), [hasHint]);
  useEffect(() => {
    let isWanted = true;
    void grammarOf(language).then((found) => {
      if (isWanted) view.current?.dispatch({ effects: grammar.reconfigure(found) });
    });
    return () => {
      isWanted = false;
    };
  }, [grammar, language]);
  useEffect(() => {
    const { current } = view;
    const before = current?.state.doc.toString() ?? value;
    if (!current || before === value) return;
    // What came from elsewhere is not what the reader typed, and is not told again.
    current.dispatch({
      changes: { from: 0, to: before.length, insert: value },
      annotations: Transaction.remote.of(true),
    });
  }, [value]);
  return (
    <>
      <div ref={box} className="contents" />
      {hasHint && (
        <p id={hintId} className="sr-only">
          Tab moves the text in. Escape, then Tab leaves the field.
        </p>
      )}
    </>
  );
}

const none: ReadonlySet<string> = new Set();
