import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { KindIcon } from '../../files/kind-icon.tsx';
import { Failure } from '../../loading/failure.tsx';
import { type LogRow, newestLogs } from '../../logs/list/list-queries.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { type EvaluatorFields, writeEvaluator } from './evaluator-fields.ts';
import { type Said, sayingOf } from './saying.ts';

/** So many of the newest logs are judged. */
const tried = 5;

/** What the evaluator, as it is written now, says of the newest logs. Nothing is stored. */
export function TryOnLogs({ fields }: { readonly fields: EvaluatorFields }) {
  const logs = useQuery(
    newestLogs({ status: ['complete', 'error'], type: ['agent', 'prompt', 'flow'] }),
  );
  const [said, setSaid] = useState<Readonly<Record<string, Said>>>({});
  const [isBusy, setBusy] = useState(false);
  const mayRun = useMay('run');
  const rows = logs.data?.records.slice(0, tried) ?? [];
  const judges = fields.judge === 'python' || fields.judge === 'llm';
  const run = async () => {
    if (isBusy) return;
    setBusy(true);
    setSaid({});
    await Promise.all(
      rows.map(async ({ id }) => {
        const one = await judge(fields, id);
        setSaid((now) => ({ ...now, [id]: one }));
      }),
    );
    setBusy(false);
  };
  return (
    <section
      aria-label="Try it"
      tabIndex={0}
      className="min-h-0 min-w-0 flex-1 overflow-y-auto border-line -outline-offset-2 max-lg:border-t lg:border-l"
    >
      <div className="grid gap-3 p-4">
        <h2 className="font-medium">Try it on the newest logs</h2>
        {judges ? (
          <div className="flex flex-wrap items-center gap-3">
            <Button
              look="primary"
              disabled={!mayRun || rows.length === 0}
              aria-disabled={isBusy}
              onClick={() => void run()}
            >
              <Play aria-hidden className="size-3.5" />
              {isBusy ? 'Judging…' : `Judge ${rows.length} logs`}
            </Button>
            <span className="text-xs text-fg-3">Nothing is stored.</span>
          </div>
        ) : (
          <p className="text-fg-2">The server does not judge here: somebody else does.</p>
        )}
        {logs.isError && <Failure error={logs.error} onRetry={() => void logs.refetch()} />}
        {logs.data && rows.length === 0 && (
          <p className="text-fg-3">There are no logs yet that could be judged.</p>
        )}
        {judges && rows.length > 0 && (
          <ul className="overflow-hidden rounded-lg border border-line bg-panel">
            {rows.map((log) => (
              <TriedLog key={log.id} log={log} said={said[log.id]} />
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function TriedLog({ log, said }: { readonly log: LogRow; readonly said: Said | undefined }) {
  return (
    <li className="grid gap-1 border-line px-3 py-2 not-first:border-t">
      <p className="flex min-w-0 items-center gap-2">
        <KindIcon kind={log.type} />
        <Link
          to="/logs/$logId"
          params={{ logId: log.id }}
          className="min-w-0 flex-1 truncate hover:underline"
        >
          {log.input ?? log.name}
        </Link>
        {said?.type === 'judgment' && (
          <span className="shrink-0 font-mono text-xs font-medium">{said.text}</span>
        )}
        {said?.type === 'error' && <span className="shrink-0 text-xs text-err">Error</span>}
      </p>
      <p className="truncate text-xs text-fg-3">{log.output ?? 'No output'}</p>
      {said?.more && (
        <p
          className={
            said.type === 'error'
              ? 'font-mono text-xs break-words whitespace-pre-wrap text-err'
              : 'text-xs break-words whitespace-pre-wrap text-fg-2'
          }
        >
          {said.more}
        </p>
      )}
    </li>
  );
}

async function judge(fields: EvaluatorFields, logId: string): Promise<Said> {
  try {
    const { data } = await api.POST('/v5/evaluators/call', {
      body: { ...writeEvaluator(fields), log_id: logId },
    });
    return sayingOf(data);
  } catch (error) {
    return { type: 'error', text: 'Error', more: (error as Error).message };
  }
}
