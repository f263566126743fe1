import type { EditorSearch } from '../../editor/editor-search.ts';
import { Split } from '../../ui/split.tsx';
import { useWide } from '../../ui/use-wide.ts';
import { FieldsPage } from '../editor/fields-page.tsx';
import { readTool, writeTool } from './tool-fields.ts';
import { ToolForm } from './tool-form.tsx';
import { ToolRun } from './tool-run.tsx';

/** The editor of a tool: what it is, and beside it a call of it. */
export function ToolEditor({
  fileId,
  search,
}: {
  readonly fileId: string;
  readonly search: EditorSearch;
}) {
  const isWide = useWide(1024);
  return (
    <FieldsPage
      fileId={fileId}
      search={search}
      read={readTool}
      write={(fields) => ({ ...writeTool(fields) })}
    >
      {(edited, faults) => {
        const form = <ToolForm key="form" edited={edited} faults={faults} />;
        const run = <ToolRun key="run" edited={edited} />;
        return isWide ? (
          <Split name="tool" direction="row" standard={0.55} label="Width of the form">
            {[form, run]}
          </Split>
        ) : (
          <div className="min-h-0 flex-1 overflow-y-auto [&>*]:overflow-visible">
            {form}
            {run}
          </div>
        );
      }}
    </FieldsPage>
  );
}
