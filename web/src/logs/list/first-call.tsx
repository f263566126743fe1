import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'radix-ui';
import type { FileResponse } from '../../api/types.ts';
import { copiesOf } from '../../copy-as/copies.ts';
import { type CallableFile, firstLogRequest } from '../../copy-as/requests.ts';
import { fileQuery, filesNamedQuery } from '../../files/file-queries.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

/** Where logs will be, with the call that makes the first one: of this file, or of an agent that there is. */
export function FirstCall({ fileId }: { readonly fileId?: string | undefined }) {
  const own = useQuery({ ...fileQuery(fileId ?? ''), enabled: fileId !== undefined });
  const newest = useQuery({ ...filesNamedQuery(''), enabled: fileId === undefined });
  const file = own.data ?? newest.data?.find(({ type }) => type === 'agent');
  const calls = copiesOf(firstLogRequest(file ? callable(file) : example), location.origin);
  return (
    <section className="mx-auto grid w-full max-w-160 gap-3 p-4">
      <h2 className="text-lg font-medium">No logs yet</h2>
      <p className="text-fg-2">
        Every run writes a log: what was said, which tools were called, what it took. Make the first
        one with your API key in <code className="font-mono text-xs">API_KEY</code>. It appears here
        by itself.
      </p>
      <Tabs.Root
        defaultValue={calls[0]?.name ?? ''}
        className="overflow-hidden rounded-lg border border-line bg-panel"
      >
        <Tabs.List aria-label="Language" className="flex gap-4 border-b border-line bg-sunken px-3">
          {calls.map(({ name }) => (
            <Tabs.Trigger
              key={name}
              value={name}
              className="h-8 border-b-2 border-transparent text-fg-2 -outline-offset-2 data-[state=active]:border-fg data-[state=active]:text-fg coarse:h-11"
            >
              {name}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {calls.map(({ name, text }) => (
          <Tabs.Content key={name} value={name} className="relative">
            <span className="absolute top-1.5 right-1.5">
              <CopyButton label={`Copy the call in ${name}`} text={() => text} />
            </span>
            <pre className="overflow-x-auto px-3 py-2.5 pr-10 font-mono text-xs whitespace-pre-wrap">
              {text}
            </pre>
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </section>
  );
}

const example: CallableFile = { kind: 'agent', path: 'Banking/Teller Agent', inputs: [] };

function callable(file: FileResponse): CallableFile {
  const inputs = 'inputs' in file ? (file.inputs as readonly { readonly name: string }[]) : [];
  if (file.type === 'dataset') return example;
  return { kind: file.type, path: file.path, inputs: inputs.map(({ name }) => name) };
}
