import { useParams, useSearch } from '@tanstack/react-router';
import { LogList } from '../logs/list/log-list.tsx';
import { FilePage } from '../shell/file-page.tsx';

/** The logs of one file. */
export function FileLogsPage() {
  const { fileId } = useParams({ from: '/signed-in/f/$fileId/logs' });
  const search = useSearch({ from: '/signed-in/f/$fileId/logs' });
  return (
    <FilePage fileId={fileId} heading="Logs" className="bg-panel">
      {() => <LogList search={search} fileId={fileId} />}
    </FilePage>
  );
}
