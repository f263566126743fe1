import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.ts';
import type { components } from '../../api/schema.gen.ts';
import { CopyAsMenu } from '../../copy-as/copy-as-menu.tsx';
import { duration } from '../../format/format.ts';
import { useSend } from '../../forms/use-send.ts';
import { Failure } from '../../loading/failure.tsx';
import { ValueView } from '../../logs/values/value-view.tsx';
import { SchemaForm } from '../../schema-form/schema-form.tsx';
import { useSchemaForm } from '../../schema-form/use-schema-form.ts';
import { useMay } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import type { EditedFields } from '../editor/use-fields.ts';
import { ResultPreview } from './result-preview.tsx';
import { type ToolFields, writeTool } from './tool-fields.ts';

type ToolLog = components['schemas']['ToolLogResponse'];

/** A call of a tool by the form of its parameters, and what came of it. */
export function ToolRun({ edited }: { readonly edited: EditedFields<ToolFields> }) {
  const { version, fields, isChanged } = edited;
  const parameters = fields.function?.parameters;
  const schema = useMemo(() => parameters ?? anyObject, [parameters]);
  const form = useSchemaForm(schema, parameters ? {} : { initial: {} });
  const [log, setLog] = useState<ToolLog>();
  const { isBusy, error, send } = useSend();
  const mayRun = useMay('run');
  const runs = fields.type === 'python';
  const bodyOf = (inputs: unknown) => ({
    id: version.id,
    tool: writeTool(fields),
    inputs: inputs as Record<string, unknown>,
  });
  const run = async () => {
    const given = form.read();
    if (!given) return;
    await send(async () => {
      setLog((await api.POST('/v5/tools/call', { body: bodyOf(given.value) })).data);
    });
  };
  return (
    <section
      aria-label={runs ? 'Run' : 'Preview'}
      tabIndex={0}
      className="min-h-0 min-w-0 flex-1 overflow-y-auto border-line -outline-offset-2 max-lg:border-t lg:border-l"
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
        className="grid gap-4 p-4"
      >
        <div className="flex min-h-7 items-center justify-between gap-2">
          <h2 className="font-medium">{runs ? 'Run' : 'Preview of its form'}</h2>
          {runs && (
            <CopyAsMenu
              size="small"
              request={() => ({
                method: 'POST',
                path: '/v5/tools/call',
                body: { path: version.path, inputs: form.value ?? {} },
                python: { method: 'tools.call' },
              })}
            />
          )}
        </div>
        {!runs && (
          <p className="text-fg-2">
            Whoever answers a call of this tool sees these arguments, and gives its result. Your own
            code runs it, so it cannot be run here.
          </p>
        )}
        <SchemaForm label="Arguments" form={form} />
        {!runs && fields.resultSchema && <ResultPreview schema={fields.resultSchema} />}
        {runs && (
          <div className="flex flex-wrap items-center gap-3">
            <Button look="primary" type="submit" disabled={!mayRun} aria-disabled={isBusy}>
              <Play aria-hidden className="size-3.5" />
              {isBusy ? 'Running…' : 'Run'}
            </Button>
            {isChanged && (
              <span className="text-xs text-fg-3">Runs the changes that are not committed.</span>
            )}
          </div>
        )}
        {error !== undefined && <Failure error={error} />}
      </form>
      <div role="status" className="px-4 pb-6">
        {log && <Outcome log={log} />}
      </div>
    </section>
  );
}

const anyObject = { type: 'object' };

/** What came of a call. */
function Outcome({ log }: { readonly log: ToolLog }) {
  const { id, output, stdout, error, start_time: from, end_time: until } = log;
  const ms = from && until ? new Date(until).getTime() - new Date(from).getTime() : undefined;
  return (
    <div className="grid gap-3 border-t border-line pt-4">
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-fg-3">
        <span className={error ? 'font-medium text-err' : 'font-medium text-ok'}>
          {error ? 'It failed' : 'It returned'}
        </span>
        {ms !== undefined && <span className="num">{duration(ms)}</span>}
        <Link
          to="/logs/$logId"
          params={{ logId: id }}
          className="text-accent underline-offset-2 hover:underline"
        >
          Open the log
        </Link>
      </p>
      {error ? (
        <ValueView label="Error" value={error} />
      ) : (
        <ValueView label="Result" value={output} />
      )}
      {stdout && <ValueView label="Printed" value={stdout} />}
    </div>
  );
}
