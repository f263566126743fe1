import { useSearch } from '@tanstack/react-router';
import { LogList } from '../logs/list/log-list.tsx';
import { Page } from '../shell/page.tsx';

/** All logs, of all files. */
export function LogsPage() {
  const search = useSearch({ from: '/signed-in/logs' });
  return (
    <Page title="Logs" heading="All logs" className="bg-panel">
      <LogList search={search} />
    </Page>
  );
}
