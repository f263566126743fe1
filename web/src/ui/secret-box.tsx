import { CopyButton } from './copy-button.tsx';

/** A text that is shown once, or is there to be copied: a key, a link, a command. */
export function SecretBox({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="grid min-w-0 gap-1">
      <div className="flex min-h-6 items-center justify-between text-xs font-medium text-fg-2">
        {label}
        <CopyButton label={`Copy: ${label}`} text={() => text} />
      </div>
      <pre
        // A long one scrolls.
        tabIndex={0}
        role="group"
        aria-label={label}
        className="max-h-48 overflow-y-auto rounded-md border border-line bg-sunken px-2.5 py-2 font-mono text-xs break-all whitespace-pre-wrap select-all"
      >
        {text}
      </pre>
    </div>
  );
}
