import { useMay } from '../session/session.ts';
import { KeyTable } from '../settings/api-keys/key-table.tsx';
import { SettingsPage } from '../settings/settings-page.tsx';

/** The keys with which programs call the API. */
export function ApiKeysPage() {
  const seesAll = useMay('admin');
  return (
    <SettingsPage
      title="API keys"
      about={`With a key a program calls the API. You see ${seesAll ? 'those of all members' : 'your own'}.`}
    >
      <KeyTable />
    </SettingsPage>
  );
}
