import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey, MadeApiKey } from '../../api/types.ts';
import { calendarDay, moment, wholeTime } from '../../format/time.ts';
import { memberName } from '../../session/member-name.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Chip } from '../../ui/chip.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Switch } from '../../ui/switch.tsx';
import { RowMenu } from '../row-menu.tsx';
import { SettingsSection } from '../settings-page.tsx';
import { SettingsTable } from '../settings-table.tsx';
import { KeyDialog, type OpenKeyDialog } from './key-dialog.tsx';
import { apiKeysQuery, isUsable } from './key-queries.ts';

/** The keys of programs. */
export function KeyTable() {
  const query = useQuery(apiKeysQuery);
  const mayWrite = useMay('write');
  const [open, setOpen] = useState<OpenKeyDialog>();
  const [showsAll, setShowsAll] = useState(false);
  const keys = query.data ?? [];
  const usable = keys.filter(isUsable);
  return (
    <SettingsSection
      title="Keys"
      action={
        mayWrite && (
          <Button look="primary" onClick={() => setOpen({ type: 'new' })}>
            New API key
          </Button>
        )
      }
    >
      <SettingsTable
        label="API keys"
        query={query}
        rows={showsAll ? keys : usable}
        keyOf={({ id }) => id}
        rowProps={(key) => (isUsable(key) ? {} : { className: 'text-fg-3' })}
        empty="There is no key yet. Programs need one to call the API."
        columns={[
          ...columns,
          {
            name: 'Actions',
            hidesName: true,
            align: 'right',
            cell: (key) =>
              mayWrite &&
              isUsable(key) && (
                <RowMenu
                  of={key.name}
                  actions={[
                    { name: 'Rename', run: () => setOpen({ type: 'rename', key }) },
                    key.origin === 'made' && {
                      name: 'Replace',
                      run: () => setOpen({ type: 'rotate', key }),
                    },
                    { name: 'Revoke', run: () => setOpen({ type: 'revoke', key }) },
                  ]}
                />
              ),
          },
        ]}
      />
      {keys.length > usable.length && (
        <Switch checked={showsAll} onChange={setShowsAll}>
          Show keys that no longer work ({keys.length - usable.length})
        </Switch>
      )}
      {open && (
        <KeyDialog
          open={open}
          onMade={(made: MadeApiKey, note?: string) => setOpen({ type: 'made', made, note })}
          onClose={() => setOpen(undefined)}
        />
      )}
      {!mayWrite && <p className="text-fg-3">Editors and admins make keys.</p>}
    </SettingsSection>
  );
}

const columns: readonly Column<ApiKey>[] = [
  {
    name: 'Name',
    isHead: true,
    grows: true,
    cell: ({ name, origin }) => (
      <span className="flex items-center gap-2">
        <span className="max-w-56 truncate" title={name}>
          {name}
        </span>
        {origin === 'environment' && <Chip title="LOOPWRIGHT_API_KEY gave it">From a setting</Chip>}
      </span>
    ),
  },
  {
    name: 'Key',
    isExtra: true,
    cell: ({ hint }) => <code className="font-mono text-xs">{hint}</code>,
  },
  {
    name: 'May',
    isExtra: true,
    cell: ({ scopes }) => <span className="text-xs text-fg-2">{scopes.join(', ')}</span>,
  },
  {
    name: 'Made by',
    isExtra: true,
    cell: ({ member, created_by: by }) => (
      <span className="text-fg-2" title={`It acts as ${memberName(member)}.`}>
        {memberName(by ?? member)}
        {by && by.id !== member.id && ` for ${memberName(member)}`}
      </span>
    ),
  },
  {
    name: 'Last used',
    align: 'right',
    isExtra: true,
    cell: ({ last_used_at: at }) =>
      at ? <span title={wholeTime(at)}>{moment(at)}</span> : 'Never',
  },
  {
    name: 'Expires',
    align: 'right',
    cell: (key) => {
      if (key.revoked_at) return <span title={wholeTime(key.revoked_at)}>Revoked</span>;
      if (!key.expires_at) return 'Never';
      return (
        <span title={wholeTime(key.expires_at)}>
          {isUsable(key) ? calendarDay(key.expires_at) : 'Expired'}
        </span>
      );
    },
  },
];
