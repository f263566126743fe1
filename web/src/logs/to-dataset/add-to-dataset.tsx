import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, sendJson } from '../../api/client.ts';
import type { FileResponse } from '../../api/types.ts';
import { counted } from '../../format/format.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Select } from '../../ui/select.tsx';
import { toast } from '../../ui/toasts.tsx';
import { readLog } from '../live/log-api.ts';
import { type Datapoint, datapointOf } from './datapoint.ts';

const anew = '';

/** Makes rows of logs: what they were given, and their outputs as what is expected. */
export function AddToDataset({
  ids,
  onClose,
}: {
  readonly ids: readonly string[];
  readonly onClose: () => void;
}) {
  const datasets = useQuery(datasetsQuery);
  const cache = useQueryClient();
  const navigate = useNavigate();
  const [chosen, setChosen] = useState<string>();
  const [path, setPath] = useState('');
  const [hasTargets, setTargets] = useState(true);
  const id = chosen ?? datasets.data?.[0]?.id ?? anew;
  const add = async () => {
    const datapoints: Datapoint[] = [];
    for (const logId of ids) {
      const { target, ...given } = datapointOf(await readLog(logId));
      datapoints.push({ ...given, ...(hasTargets && target && { target }) });
    }
    const { id: datasetId } = await sendJson<FileResponse>('POST', '/v5/datasets', {
      ...(id === anew ? { path: path.trim() } : { id }),
      datapoints,
      action: 'add',
    });
    toast(`${counted(ids.length, 'log')} added to the dataset`, {
      action: {
        name: 'Show its rows',
        run: () => void navigate({ to: '/f/$fileId/rows', params: { fileId: datasetId } }),
      },
    });
    await Promise.all(
      [['datasets'], ['file', datasetId], ['directory']].map((queryKey) =>
        cache.invalidateQueries({ queryKey }),
      ),
    );
  };
  return (
    <FormDialog
      title={`Add ${counted(ids.length, 'log')} to a dataset`}
      action="Add to the dataset"
      isReady={!datasets.isPending && (id !== anew || path.trim() !== '')}
      onSend={add}
      onClose={onClose}
    >
      <p className="text-fg-2">
        A new version of the dataset has its newest rows and one for each log: its inputs and the
        messages that it was given. Rows that are there already count once. No environment gets it
        until you deploy it.
      </p>
      <Field label="Dataset">
        {(attributes) => (
          <Select
            {...attributes}
            value={id}
            choices={[
              ...(datasets.data ?? []).map((file) => ({ value: file.id, name: file.path })),
              { value: anew, name: 'A new one' },
            ]}
            onChange={setChosen}
          />
        )}
      </Field>
      {id === anew && (
        <Field label="Path of the new dataset" hint="Directories and a name: Banking/Questions">
          {(attributes) => (
            <Input {...attributes} value={path} onChange={({ target }) => setPath(target.value)} />
          )}
        </Field>
      )}
      <Checkbox
        checked={hasTargets}
        onChange={setTargets}
        hint="Leave it out when the outputs are not what you want to see again."
      >
        The outputs are what is expected
      </Checkbox>
    </FormDialog>
  );
}

const datasetsQuery = {
  queryKey: ['datasets'],
  queryFn: async ({ signal }: { readonly signal: AbortSignal }) => {
    const query = { size: 100, sort_by: 'updated_at' as const };
    const { data } = await api.GET('/v5/datasets', { params: { query }, signal });
    return (data?.records ?? []) as readonly FileResponse[];
  },
};
