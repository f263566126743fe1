import { useMay } from '../session/session.ts';
import { AdminsOnly } from '../settings/admins-only.tsx';
import { DeploymentMatrix } from '../settings/environments/deployment-matrix.tsx';
import { EnvironmentTable } from '../settings/environments/environment-table.tsx';
import { SettingsPage } from '../settings/settings-page.tsx';

/** Where versions are deployed to. */
export function EnvironmentsPage() {
  return (
    <SettingsPage
      title="Environments"
      about="Where versions are deployed to. A call that names no environment runs what is in the default one."
    >
      {!useMay('admin') && <AdminsOnly />}
      <EnvironmentTable />
      <DeploymentMatrix />
    </SettingsPage>
  );
}
