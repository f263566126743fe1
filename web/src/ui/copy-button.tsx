import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { copyText } from './copy-text.ts';
import { IconButton } from './icon-button.tsx';

/** Puts a text on the clipboard, and says so where it was pressed. */
export function CopyButton({
  label,
  text,
}: {
  readonly label: string;
  readonly text: () => string;
}) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 1_500);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <IconButton
      label={isCopied ? 'Copied' : label}
      className="size-6"
      onClick={() => void copyText(text()).then(() => setCopied(true))}
    >
      {isCopied ? <Check className="size-3 text-ok" /> : <Copy className="size-3" />}
    </IconButton>
  );
}
