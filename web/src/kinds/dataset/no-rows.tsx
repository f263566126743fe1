import { RequestTabs } from '../../copy-as/request-tabs.tsx';

/** Where rows will be, and the call that adds one. */
export function NoRows({ datasetPath }: { readonly datasetPath: string }) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <section className="mx-auto grid max-w-160 gap-3 p-4">
        <h2 className="text-lg font-medium">No rows yet</h2>
        <p className="text-fg-2">
          A row says what a file is given, and what should come of it. Add a column and type, import
          CSV or JSON lines, or send rows from your code:
        </p>
        <RequestTabs
          request={{
            method: 'POST',
            path: '/v5/datasets',
            body: {
              path: datasetPath,
              action: 'add',
              datapoints: [{ inputs: { country: 'Chile' }, target: { capital: 'Santiago' } }],
            },
            python: { method: 'datasets.upsert' },
          }}
        />
      </section>
    </div>
  );
}
