import { useParams } from '@tanstack/react-router';
import { LogPageContent } from '../logs/page/log-page.tsx';

/** One log. */
export function LogPage() {
  const { logId } = useParams({ from: '/signed-in/logs/$logId' });
  return <LogPageContent logId={logId} />;
}
