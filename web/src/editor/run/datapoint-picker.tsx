import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { FilePicker } from '../../files/file-picker.tsx';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { type Datapoint, datapointsQuery } from './datapoint-query.ts';

/** Asks for a dataset, and then for one of its datapoints. */
export function DatapointPicker({
  onPick,
  onClose,
}: {
  readonly onPick: (datapoint: Datapoint) => void;
  readonly onClose: () => void;
}) {
  const [dataset, setDataset] = useState<FileResponse>();
  if (!dataset) {
    return (
      <FilePicker
        title="Inputs from a dataset"
        kinds={['dataset']}
        onPick={setDataset}
        onClose={onClose}
      />
    );
  }
  return <Datapoints dataset={dataset} onPick={onPick} onClose={onClose} />;
}

function Datapoints({
  dataset,
  onPick,
  onClose,
}: {
  readonly dataset: FileResponse;
  readonly onPick: (datapoint: Datapoint) => void;
  readonly onClose: () => void;
}) {
  const found = useQuery(datapointsQuery(dataset.id));
  return (
    <Dialog title={`A datapoint of ${dataset.name}`} onClose={onClose}>
      {found.isPending && <SkeletonRows rows={4} />}
      {found.isError && (
        <div className="p-3">
          <Failure error={found.error} onRetry={() => void found.refetch()} />
        </div>
      )}
      <ul className="overflow-y-auto p-1.5">
        {found.data?.map((datapoint) => (
          <li key={datapoint.id}>
            <button
              type="button"
              onClick={() => {
                onPick(datapoint);
                onClose();
              }}
              className="flex min-h-8 w-full min-w-0 items-center rounded-md px-2 text-left hover:bg-hover coarse:min-h-11"
            >
              <span className="truncate">{inShort(datapoint)}</span>
            </button>
          </li>
        ))}
        {found.data?.length === 0 && (
          <li className="px-2 py-3 text-center text-fg-3">This dataset has no datapoints.</li>
        )}
      </ul>
    </Dialog>
  );
}

function inShort({ inputs }: Datapoint): string {
  const values = Object.entries(inputs ?? {}).map(
    ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return values.join(' · ').slice(0, 200) || 'No inputs';
}
