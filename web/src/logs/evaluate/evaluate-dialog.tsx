import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { versionLabel } from '../../files/version-code.ts';
import { count, counted } from '../../format/format.ts';
import { FormDialog } from '../../forms/form-dialog.tsx';
import { Failure } from '../../loading/failure.tsx';
import { Skeleton } from '../../loading/skeleton.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { toast } from '../../ui/toasts.tsx';
import { serverEvaluatorsQuery } from './evaluator-query.ts';
import { judgeLogs, type Progress } from './judge-logs.ts';

/** Asks which evaluators judge some logs, has them do so, and says how far it is. */
export function EvaluateDialog({
  ids,
  onClose,
}: {
  readonly ids: readonly string[];
  readonly onClose: () => void;
}) {
  const evaluators = useQuery(serverEvaluatorsQuery);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [progress, setProgress] = useState<Progress>();
  const signalOfNew = useStop();
  const cache = useQueryClient();
  const pairs = [...chosen].flatMap((evaluatorId) => ids.map((logId) => ({ evaluatorId, logId })));
  const judge = async () => {
    setProgress({ judged: 0, failed: 0 });
    try {
      const options = { signal: signalOfNew(), onProgress: setProgress };
      const { judged, failed } = await judgeLogs(pairs, options);
      const failures = failed > 0 ? `, ${count(failed)} failed` : '';
      toast(`${counted(judged - failed, 'judgment')} made${failures}`);
    } finally {
      setProgress(undefined);
      await Promise.all(
        ['logs', 'newest-logs'].map((name) => cache.invalidateQueries({ queryKey: [name] })),
      );
    }
  };
  return (
    <FormDialog
      title={`Evaluate ${counted(ids.length, 'log')}`}
      action={pairs.length > 0 ? `Make ${counted(pairs.length, 'judgment')}` : 'Evaluate'}
      isReady={pairs.length > 0}
      onSend={judge}
      onClose={onClose}
    >
      <p className="text-fg-2">
        Each evaluator judges each log, and what it says is stored with the log. It has a column in
        the table. A model that judges costs what its calls cost.
      </p>
      {evaluators.isPending && <Skeleton className="h-6" />}
      {evaluators.isError && (
        <Failure error={evaluators.error} onRetry={() => void evaluators.refetch()} />
      )}
      {evaluators.data?.length === 0 && (
        <p>
          There is no evaluator that the server runs. Make one first: code in Python, or a model
          that judges.
        </p>
      )}
      {evaluators.data && evaluators.data.length > 0 && (
        <fieldset className="min-w-0" disabled={progress !== undefined}>
          <legend className="mb-1 text-xs font-medium text-fg-2">Evaluators</legend>
          <div className="grid max-h-[40vh] gap-1 overflow-y-auto rounded-lg border border-line px-3 py-2">
            {evaluators.data.map((evaluator) => (
              <Checkbox
                key={evaluator.id}
                checked={chosen.has(evaluator.id)}
                disabled={progress !== undefined}
                onChange={() => setChosen(chosen.symmetricDifference(new Set([evaluator.id])))}
                hint={aboutOf(evaluator.spec)}
              >
                <span className="min-w-0 break-words">{evaluator.path}</span>
                <span className="font-mono text-xs text-fg-3">{versionLabel(evaluator)}</span>
              </Checkbox>
            ))}
          </div>
        </fieldset>
      )}
      {progress && <Bar {...progress} all={pairs.length} />}
    </FormDialog>
  );
}

function aboutOf(spec: {
  readonly evaluator_type: string;
  readonly arguments_type: string;
}): string {
  const judge = spec.evaluator_type === 'llm' ? 'A model judges' : 'Code judges';
  return spec.arguments_type === 'target_required'
    ? `${judge}, by the target of the row that a log was made for.`
    : `${judge}.`;
}

function Bar({ judged, failed, all }: Progress & { readonly all: number }) {
  return (
    <div className="grid gap-1">
      <progress
        aria-label="Judgments"
        value={judged}
        max={all}
        className="h-1.5 w-full accent-accent"
      />
      <p role="status" className="num text-xs text-fg-2">
        {count(judged)} of {counted(all, 'judgment')}
        {failed > 0 && <span className="text-err">, {count(failed)} failed</span>}
      </p>
    </div>
  );
}

/** Makes signals for what is under way; the last one stops it when the dialog is closed. */
function useStop(): () => AbortSignal {
  const underWay = useRef<AbortController>(undefined);
  useEffect(() => () => underWay.current?.abort(), []);
  return () => {
    underWay.current = new AbortController();
    return underWay.current.signal;
  };
}
