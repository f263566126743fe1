import { lazy, Suspense } from 'react';
import { cx } from '../ui/cx.ts';
import type { CodeFieldProps } from './code-field-props.ts';

/** CodeMirror, loaded with the first field. */
const CodeEditor = lazy(async () => ({ default: (await import('./code-editor.tsx')).CodeEditor }));

/** A field for code or for a template: highlighted, with undo, brackets and faults in their places. */
export function CodeField(props: CodeFieldProps) {
  const { value, className, isBare } = props;
  return (
    <div
      className={cx(
        'flex min-h-0 min-w-0 flex-col overflow-hidden bg-panel',
        !isBare &&
          'rounded-md border border-line-strong focus-within:outline-2 focus-within:outline-offset-1 focus-within:outline-accent',
        className,
      )}
    >
      <Suspense
        fallback={
          <pre className="px-3 py-2 font-mono text-xs leading-5 break-words whitespace-pre-wrap">
            {value || ' '}
          </pre>
        }
      >
        <CodeEditor {...props} />
      </Suspense>
    </div>
  );
}
