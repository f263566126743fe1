import { useParams, useSearch } from '@tanstack/react-router';
import { DatasetPage } from '../kinds/dataset/dataset-page.tsx';

/** The datapoints of a dataset. */
export function FileRowsPage() {
  const { fileId } = useParams({ from: '/signed-in/f/$fileId/rows' });
  const search = useSearch({ from: '/signed-in/f/$fileId/rows' });
  return <DatasetPage key={fileId} fileId={fileId} search={search} />;
}
