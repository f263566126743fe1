import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { sendJson } from '../api/client.ts';
import type { components } from '../api/schema.gen.ts';
import type { FileResponse } from '../api/types.ts';
import { environmentsQuery } from '../files/environment-queries.ts';
import { FilePicker } from '../files/file-picker.tsx';
import { KindIcon } from '../files/kind-icon.tsx';
import { collectionOf } from '../files/kind-of-id.ts';
import { versionLabel } from '../files/version-code.ts';
import { useSend } from '../forms/use-send.ts';
import { Failure } from '../loading/failure.tsx';
import { useMay } from '../session/session.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';

type Monitor = components['schemas']['MonitoringEvaluatorResponse'];

/** The evaluators that judge the logs of a file as they come. */
export function Monitoring({ file }: { readonly file: FileResponse }) {
  const [isPicking, setPicking] = useState(false);
  const { error, send, isBusy } = useSend();
  const { data: environments = [] } = useQuery(environmentsQuery);
  const mayWrite = useMay('write');
  const cache = useQueryClient();
  const monitors = file.type === 'dataset' ? [] : (file.evaluators ?? []);
  const active = monitors.filter(({ state }) => state === 'active');
  const change = (body: Readonly<Record<string, unknown>>) =>
    send(async () => {
      await sendJson('POST', `/v5/${collectionOf(file.id)}/${file.id}/evaluators`, body);
      await cache.invalidateQueries({ queryKey: ['file', file.id] });
    });
  const add = (evaluator: FileResponse) => {
    setPicking(false);
    const [standard] = environments;
    if (!standard) return;
    void change({ activate: [{ evaluator_id: evaluator.id, environment_id: standard.id }] });
  };
  return (
    <>
      {active.length === 0 && (
        <p className="text-fg-3">No evaluator judges its logs as they come.</p>
      )}
      {active.length > 0 && (
        <ul className="overflow-hidden rounded-lg border border-line bg-panel">
          {active.map((monitor) => {
            const { evaluator, which, reference } = toldOf(monitor);
            return (
              <li
                key={`${evaluator.id} ${which}`}
                className="flex min-h-9 items-center gap-2 border-line px-3 not-first:border-t"
              >
                <KindIcon kind="evaluator" />
                <Link
                  to="/f/$fileId"
                  params={{ fileId: evaluator.id }}
                  className="min-w-0 truncate hover:underline"
                >
                  {evaluator.name}
                </Link>
                <span className="min-w-0 truncate text-xs text-fg-3">{which}</span>
                <span className="num ml-auto shrink-0 text-xs text-fg-3">
                  {Math.round(monitor.sample_rate * 1_000) / 10} % of its logs
                </span>
                {mayWrite && (
                  <IconButton
                    label={`Stop ${evaluator.name}`}
                    aria-disabled={isBusy}
                    onClick={() => void change({ deactivate: [reference] })}
                  >
                    <X className="size-3.5" />
                  </IconButton>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {error !== undefined && <Failure error={error} />}
      {mayWrite && (
        <div>
          <Button aria-disabled={isBusy} onClick={() => setPicking(true)}>
            <Plus aria-hidden className="size-3.5" />
            Add an evaluator
          </Button>
        </div>
      )}
      {isPicking && (
        <FilePicker
          title="Which evaluator"
          kinds={['evaluator']}
          onPick={add}
          onClose={() => setPicking(false)}
        />
      )}
    </>
  );
}

/** Which evaluator it is, and how a request names it. */
function toldOf({ version_reference: reference }: Monitor) {
  switch (reference.type) {
    case 'version': {
      const { version } = reference;
      return {
        evaluator: version,
        which: versionLabel(version),
        reference: { evaluator_version_id: version.version_id },
      };
    }
    case 'environment': {
      const { file, environment } = reference;
      return {
        evaluator: file,
        which: `what is in ${environment.name}`,
        reference: { evaluator_id: file.id, environment_id: environment.id },
      };
    }
  }
}
