import type { EditorSearch } from '../../editor/editor-search.ts';
import { Split } from '../../ui/split.tsx';
import { useWide } from '../../ui/use-wide.ts';
import { FieldsPage } from '../editor/fields-page.tsx';
import { readEvaluator, writeEvaluator } from './evaluator-fields.ts';
import { EvaluatorForm } from './evaluator-form.tsx';
import { TryOnLogs } from './try-on-logs.tsx';

/** The editor of an evaluator: who judges and how, and beside it what it says of some logs. */
export function EvaluatorEditor({
  fileId,
  search,
}: {
  readonly fileId: string;
  readonly search: EditorSearch;
}) {
  const isWide = useWide(1024);
  return (
    <FieldsPage fileId={fileId} search={search} read={readEvaluator} write={writeEvaluator}>
      {(edited, faults) => {
        const form = <EvaluatorForm key="form" edited={edited} faults={faults} />;
        const tried = <TryOnLogs key="try" fields={edited.fields} />;
        return isWide ? (
          <Split name="evaluator" direction="row" standard={0.55} label="Width of the form">
            {[form, tried]}
          </Split>
        ) : (
          <div className="min-h-0 flex-1 overflow-y-auto [&>*]:overflow-visible">
            {form}
            {tried}
          </div>
        );
      }}
    </FieldsPage>
  );
}
