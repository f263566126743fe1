import { useMay } from '../session/session.ts';
import { AdminsOnly } from '../settings/admins-only.tsx';
import { EndpointTable } from '../settings/providers/endpoint-table.tsx';
import { VendorTable } from '../settings/providers/vendor-table.tsx';
import { SettingsPage } from '../settings/settings-page.tsx';

/** Where models are called, and with which keys. */
export function ProvidersPage() {
  return (
    <SettingsPage title="Providers" about="Where models are called, and with which keys.">
      {!useMay('admin') && <AdminsOnly />}
      <VendorTable />
      <EndpointTable />
    </SettingsPage>
  );
}
