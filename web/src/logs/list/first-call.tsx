import { useQuery } from '@tanstack/react-query';
import type { FileResponse } from '../../api/types.ts';
import { RequestTabs } from '../../copy-as/request-tabs.tsx';
import { type CallableFile, firstLogRequest } from '../../copy-as/requests.ts';
import { fileQuery, filesNamedQuery } from '../../files/file-queries.ts';

/** Where logs will be, with the call that makes the first one: of this file, or of an agent that there is. */
export function FirstCall({ fileId }: { readonly fileId?: string | undefined }) {
  const own = useQuery({ ...fileQuery(fileId ?? ''), enabled: fileId !== undefined });
  const newest = useQuery({ ...filesNamedQuery(''), enabled: fileId === undefined });
  const file = own.data ?? newest.data?.find(({ type }) => type === 'agent');
  return (
    <section className="mx-auto grid w-full max-w-160 gap-3 p-4">
      <h2 className="text-lg font-medium">No logs yet</h2>
      <p className="text-fg-2">
        Every run writes a log: what was said, which tools were called, what it took. Make the first
        one with your API key in <code className="font-mono text-xs">API_KEY</code>. It appears here
        by itself.
      </p>
      <RequestTabs request={firstLogRequest(file ? callable(file) : example)} />
    </section>
  );
}

const example: CallableFile = { kind: 'agent', path: 'Banking/Teller Agent', inputs: [] };

function callable(file: FileResponse): CallableFile {
  const inputs = 'inputs' in file ? (file.inputs as readonly { readonly name: string }[]) : [];
  if (file.type === 'dataset') return example;
  return { kind: file.type, path: file.path, inputs: inputs.map(({ name }) => name) };
}
