import { useParams, useSearch } from '@tanstack/react-router';
import { kindOfId } from '../files/kind-of-id.ts';
import { DatasetPage } from '../kinds/dataset/dataset-page.tsx';
import { NoSuchPage } from '../shell/no-such-page.tsx';

/** The datapoints of a dataset. */
export function FileRowsPage() {
  const { fileId } = useParams({ from: '/signed-in/f/$fileId/rows' });
  const search = useSearch({ from: '/signed-in/f/$fileId/rows' });
  if (kindOfId(fileId) !== 'dataset') return <NoSuchPage what="page" />;
  return <DatasetPage key={fileId} fileId={fileId} search={search} />;
}
