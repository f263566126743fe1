import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProviderKey } from '../../api/types.ts';
import { moment, wholeTime } from '../../format/time.ts';
import { ConfirmDialog } from '../../forms/confirm-dialog.tsx';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { memberName } from '../../session/member-name.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { toast } from '../../ui/toasts.tsx';
import { RowMenu } from '../row-menu.tsx';
import { SettingsSection } from '../settings-page.tsx';
import { SettingsTable } from '../settings-table.tsx';
import { type GivenKey, ProviderKeyFields } from './provider-key-fields.tsx';
import { ProviderMark } from './provider-mark.tsx';
import {
  deleteProviderKey,
  providerKeysQuery,
  setProviderKey,
  testVendor,
} from './provider-queries.ts';
import { TrialDialog } from './trial-dialog.tsx';
import { type Vendor, vendorNames, vendors } from './vendors.ts';

interface Row {
  readonly vendor: Vendor;
  readonly key: ProviderKey | undefined;
}

interface Open {
  readonly type: 'set' | 'test' | 'delete';
  readonly vendor: Vendor;
}

/** The vendors, and the organization's keys for them. */
export function VendorTable() {
  const query = useQuery(providerKeysQuery);
  const mayChange = useMay('admin');
  const [open, setOpen] = useState<Open>();
  const rows = vendorNames.map((vendor) => ({
    vendor,
    key: query.data?.find(({ provider }) => provider === vendor),
  }));
  return (
    <SettingsSection
      title="Model providers"
      about="A key of this organization comes before one that the server itself has in its settings."
    >
      <SettingsTable
        label="Model providers"
        query={query}
        rows={rows}
        keyOf={({ vendor }) => vendor}
        empty=""
        columns={[
          ...columns,
          {
            name: 'Actions',
            hidesName: true,
            align: 'right',
            cell: ({ vendor, key }) =>
              mayChange && (
                <span className="flex items-center justify-end gap-1">
                  <Button size="small" onClick={() => setOpen({ type: 'set', vendor })}>
                    {key ? 'Replace' : 'Set a key'}
                    <span className="sr-only"> of {vendors[vendor].name}</span>
                  </Button>
                  <Button size="small" onClick={() => setOpen({ type: 'test', vendor })}>
                    Test<span className="sr-only"> {vendors[vendor].name}</span>
                  </Button>
                  <span className="inline-flex w-7 justify-end max-sm:w-auto! coarse:w-10">
                    <RowMenu
                      of={vendors[vendor].name}
                      actions={[
                        key && {
                          name: 'Delete the key',
                          run: () => setOpen({ type: 'delete', vendor }),
                        },
                      ]}
                    />
                  </span>
                </span>
              ),
          },
        ]}
      />
      {open && <VendorDialog open={open} onClose={() => setOpen(undefined)} />}
    </SettingsSection>
  );
}

const columns: readonly Column<Row>[] = [
  {
    name: 'Provider',
    isHead: true,
    grows: true,
    cell: ({ vendor }) => <ProviderMark {...vendors[vendor]} />,
  },
  {
    name: 'Key',
    cell: ({ key }) => {
      if (!key) return <span className="text-fg-3">None</span>;
      if (!key.usable) return <span className="text-err">Cannot be read. Set it again.</span>;
      return (
        <span className="flex flex-col">
          <code className="font-mono text-xs">{key.hint ?? 'Set'}</code>
          {key.endpoint && <span className="text-2xs text-fg-3">{key.endpoint}</span>}
        </span>
      );
    },
  },
  {
    name: 'Set',
    isExtra: true,
    align: 'right',
    cell: ({ key }) =>
      key && (
        <span className="text-fg-2" title={wholeTime(key.set_at)}>
          {moment(key.set_at)}
          {key.set_by && ` by ${memberName(key.set_by)}`}
        </span>
      ),
  },
];

function VendorDialog({ open, onClose }: { readonly open: Open; readonly onClose: () => void }) {
  const { type, vendor } = open;
  const { name, hasOwnModels = false } = vendors[vendor];
  switch (type) {
    case 'set':
      return <KeyDialog vendor={vendor} onClose={onClose} />;
    case 'test':
      return (
        <TrialDialog
          name={name}
          needsModel={hasOwnModels}
          onTest={(model) => testVendor(vendor, model)}
          onClose={onClose}
        />
      );
    case 'delete':
      return (
        <ConfirmDialog
          title={`Delete the key of ${name}?`}
          action="Delete the key"
          onConfirm={async () => {
            await deleteProviderKey(vendor);
            toast(`The key of ${name} is deleted`);
          }}
          onClose={onClose}
        >
          <p>
            Runs use it no more, from their next model call on. They fail, unless the server has a
            key of its own.
          </p>
        </ConfirmDialog>
      );
  }
}

function KeyDialog({ vendor, onClose }: { readonly vendor: Vendor; readonly onClose: () => void }) {
  const [given, setGiven] = useState<GivenKey>({ key: '', endpoint: '' });
  return (
    <FormDialog
      title={`Key of ${vendors[vendor].name}`}
      action="Save the key"
      isReady={given.key !== ''}
      onSend={async () => {
        await setProviderKey(vendor, given.key, given.endpoint);
        toast(`The key of ${vendors[vendor].name} is set`);
      }}
      onClose={onClose}
    >
      <ProviderKeyFields vendor={vendor} given={given} onChange={setGiven} />
    </FormDialog>
  );
}
