import { Brain } from 'lucide-react';
import type { ReactNode } from 'react';
import { Twist } from '../../ui/twist.tsx';
import type { Block, Part } from './blocks.ts';
import { Markdown } from './markdown.tsx';

type Said = Extract<Block, { type: 'said' }>;

const speakers = { user: 'User', assistant: '', system: 'System' };

/** What somebody said. Words of the model are Markdown; those of others are shown as they were written. */
export function SaidBlock({
  block: { role, name, parts, isLive },
  name: fileName,
  isFirstOfSpeaker,
  action,
}: {
  readonly block: Said;
  readonly name: string;
  readonly isFirstOfSpeaker: boolean;
  /** What can be done from here; it is seen where the pointer or the focus is. */
  readonly action: ReactNode;
}) {
  return (
    <div className="group relative">
      {action && (
        <span className="absolute -top-1.5 right-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 coarse:opacity-100">
          {action}
        </span>
      )}
      {isFirstOfSpeaker && (
        <p dir="auto" className="mb-1 truncate pr-8 text-2xs font-medium text-fg-3 coarse:pr-11">
          {name ?? (role === 'assistant' ? fileName : speakers[role])}
        </p>
      )}
      <div className="grid gap-2 text-base">
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
          <PartView key={index} part={part} isMarkdown={role === 'assistant'} isLive={isLive} />
        ))}
      </div>
    </div>
  );
}

function PartView({
  part,
  isMarkdown,
  isLive,
}: {
  readonly part: Part;
  readonly isMarkdown: boolean;
  readonly isLive: boolean;
}) {
  if (part.type === 'image') return <Picture url={part.url} />;
  if (isMarkdown) return <Markdown text={part.text} isLive={isLive} />;
  return (
    <p dir="auto" className="break-words whitespace-pre-wrap">
      {part.text}
    </p>
  );
}

/** A picture that is in the message itself. One of another server is a link: to show it would ask there. */
function Picture({ url }: { readonly url: string }) {
  if (/^data:image\/(png|jpe?g|gif|webp)[;,]/i.test(url)) {
    return <img src={url} alt="" className="max-h-80 max-w-full rounded-md border border-line" />;
  }
  return (
    <a
      href={/^https?:/i.test(url) ? url : undefined}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline"
    >
      Picture at {url.slice(0, 80)}
    </a>
  );
}

/** What the model thought before it spoke; folded, since it is long and seldom what one looks for. */
export function ThoughtBlock({
  block: { text },
}: {
  readonly block: Extract<Block, { type: 'thought' }>;
}) {
  return (
    <details className="group -mb-1.5">
      <summary className="inline-flex min-h-6 list-none items-center gap-1.5 rounded-md text-xs text-fg-3 hover:text-fg">
        <Brain aria-hidden className="size-3.5" />
        Thought
        <Twist isOpen={false} className="group-open:rotate-90" />
      </summary>
      <p className="mt-1 border-l-2 border-line pl-3 text-sm break-words whitespace-pre-wrap text-fg-2">
        {text}
      </p>
    </details>
  );
}
