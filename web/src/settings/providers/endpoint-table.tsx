import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CustomEndpoint } from '../../api/types.ts';
import { ConfirmDialog } from '../../forms/confirm-dialog.tsx';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { toast } from '../../ui/toasts.tsx';
import { RowMenu } from '../row-menu.tsx';
import { SettingsSection } from '../settings-page.tsx';
import { SettingsTable } from '../settings-table.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';
import { deleteEndpoint, endpointsQuery, testEndpoint } from './provider-queries.ts';
import { TrialDialog } from './trial-dialog.tsx';

type Open =
  | { readonly type: 'new' }
  | { readonly type: 'edit' | 'test' | 'delete'; readonly endpoint: CustomEndpoint };

/** Model servers of the organization's own. */
export function EndpointTable() {
  const query = useQuery(endpointsQuery);
  const mayChange = useMay('admin');
  const [open, setOpen] = useState<Open>();
  return (
    <SettingsSection
      title="Custom endpoints"
      about="Servers that speak OpenAI’s API, such as vLLM, Ollama or a gateway. Versions name one as their provider."
      action={
        mayChange && (
          <Button look="primary" onClick={() => setOpen({ type: 'new' })}>
            Add an endpoint
          </Button>
        )
      }
    >
      <SettingsTable
        label="Custom endpoints"
        query={query}
        rows={query.data ?? []}
        keyOf={({ name }) => name}
        empty="There is none yet."
        columns={[
          ...columns,
          {
            name: 'Actions',
            hidesName: true,
            align: 'right',
            cell: (endpoint) =>
              mayChange && (
                <span className="flex items-center justify-end gap-1">
                  <Button size="small" onClick={() => setOpen({ type: 'test', endpoint })}>
                    Test<span className="sr-only"> {endpoint.name}</span>
                  </Button>
                  <RowMenu
                    of={endpoint.name}
                    actions={[
                      { name: 'Edit', run: () => setOpen({ type: 'edit', endpoint }) },
                      { name: 'Delete', run: () => setOpen({ type: 'delete', endpoint }) },
                    ]}
                  />
                </span>
              ),
          },
        ]}
      />
      {open && <OpenDialog open={open} onClose={() => setOpen(undefined)} />}
    </SettingsSection>
  );
}

const columns: readonly Column<CustomEndpoint>[] = [
  {
    name: 'Name',
    isHead: true,
    cell: ({ name }) => <code className="font-mono text-xs">{name}</code>,
  },
  {
    name: 'Address',
    grows: true,
    cell: ({ base_url: url }) => (
      <span className="block max-w-32 truncate sm:max-w-72 font-mono text-xs text-fg-2" title={url}>
        {url}
      </span>
    ),
  },
  {
    name: 'Sends',
    isExtra: true,
    cell: ({ usable, has_key: hasKey, headers }) => {
      if (!usable) return <span className="text-err">Cannot be read. Set it again.</span>;
      const count = Object.keys(headers).length;
      const parts = [
        hasKey && 'a key',
        count > 0 && `${count} ${count === 1 ? 'header' : 'headers'}`,
      ].filter(Boolean);
      return <span className="text-fg-2">{parts.join(', ') || 'No key'}</span>;
    },
  },
];

function OpenDialog({ open, onClose }: { readonly open: Open; readonly onClose: () => void }) {
  switch (open.type) {
    case 'new':
      return <EndpointDialog endpoint={undefined} onClose={onClose} />;
    case 'edit':
      return <EndpointDialog endpoint={open.endpoint} onClose={onClose} />;
    case 'test':
      return (
        <TrialDialog
          name={open.endpoint.name}
          needsModel
          onTest={(model) => testEndpoint(open.endpoint.name, model)}
          onClose={onClose}
        />
      );
    case 'delete':
      return (
        <ConfirmDialog
          title={`Delete the endpoint “${open.endpoint.name}”?`}
          action="Delete"
          onConfirm={async () => {
            await deleteEndpoint(open.endpoint.name);
            toast(`${open.endpoint.name} is deleted`);
          }}
          onClose={onClose}
        >
          <p>
            Versions that name it stay, but their calls are refused until there is one of this name
            again.
          </p>
        </ConfirmDialog>
      );
  }
}
