import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OrganizationEnvironment } from '../../api/types.ts';
import { EnvironmentMark } from '../../deploy/environment-marks.tsx';
import { environmentsQuery } from '../../files/environment-queries.ts';
import { count } from '../../format/format.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import { RowMenu } from '../row-menu.tsx';
import { SettingsSection } from '../settings-page.tsx';
import { SettingsTable } from '../settings-table.tsx';
import { EnvironmentActionDialog, type OpenEnvironment } from './environment-dialog.tsx';

/** The environments, and what each is for. */
export function EnvironmentTable() {
  const query = useQuery(environmentsQuery);
  const mayChange = useMay('admin');
  const [open, setOpen] = useState<OpenEnvironment>();
  return (
    <SettingsSection
      title="Environments"
      action={
        mayChange && (
          <Button look="primary" onClick={() => setOpen({ type: 'new' })}>
            New environment
          </Button>
        )
      }
    >
      <SettingsTable
        label="Environments"
        query={query}
        rows={query.data ?? []}
        keyOf={({ id }) => id}
        empty="There is none."
        columns={[
          {
            name: 'Name',
            isHead: true,
            grows: true,
            cell: (environment) => (
              <span className="flex items-center gap-2">
                <EnvironmentMark environment={environment} />
                {environment.tag === 'default' && <Chip>Default</Chip>}
              </span>
            ),
          },
          {
            name: 'Deployed by',
            isExtra: true,
            cell: ({ deployers }) => (deployers === 'admins' ? 'Admins' : 'Editors and admins'),
          },
          {
            name: 'Files',
            align: 'right',
            cell: ({ deployments_count: files }) => count(files),
          },
          {
            name: 'Actions',
            hidesName: true,
            align: 'right',
            cell: (environment) =>
              mayChange && (
                <RowMenu
                  of={environment.name}
                  actions={actionsOf(environment, (type) => setOpen({ type, environment }))}
                />
              ),
          },
        ]}
      />
      {open && <EnvironmentActionDialog open={open} onClose={() => setOpen(undefined)} />}
    </SettingsSection>
  );
}

function actionsOf(
  { tag }: OrganizationEnvironment,
  open: (type: 'edit' | 'default' | 'delete') => void,
) {
  const isDefault = tag === 'default';
  return [
    { name: 'Edit', run: () => open('edit') },
    !isDefault && { name: 'Make it the default', run: () => open('default') },
    // The default one stays: calls that name none need it.
    !isDefault && { name: 'Delete', run: () => open('delete') },
  ];
}
