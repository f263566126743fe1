import { Tabs } from 'radix-ui';
import { CopyButton } from '../ui/copy-button.tsx';
import type { ApiRequest } from './api-request.ts';
import { copiesOf } from './copies.ts';

/** A request in each of the ways in which people send one, to be read and copied. */
export function RequestTabs({ request }: { readonly request: ApiRequest }) {
  const copies = copiesOf(request, location.origin);
  return (
    <Tabs.Root
      defaultValue={copies[0]?.name ?? ''}
      className="min-w-0 overflow-hidden rounded-lg border border-line bg-panel"
    >
      <Tabs.List aria-label="Language" className="flex gap-4 border-b border-line bg-sunken px-3">
        {copies.map(({ name }) => (
          <Tabs.Trigger
            key={name}
            value={name}
            className="h-8 border-b-2 border-transparent text-fg-2 -outline-offset-2 data-[state=active]:border-fg data-[state=active]:text-fg coarse:h-11"
          >
            {name}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {copies.map(({ name, text }) => (
        <Tabs.Content key={name} value={name} className="relative">
          <span className="absolute top-1.5 right-1.5">
            <CopyButton label={`Copy the request as ${name}`} text={() => text} />
          </span>
          <pre
            tabIndex={0}
            className="overflow-x-auto px-3 py-2.5 pr-10 font-mono text-xs coarse:pr-12 whitespace-pre-wrap -outline-offset-2"
          >
            {text}
          </pre>
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
