import type { FileResponse } from '../../api/types.ts';
import type { EditorSearch } from '../../editor/editor-search.ts';
import type { Attributes } from '../editor/attribute-rows.ts';
import { AttributesField } from '../editor/attributes-field.tsx';
import { FieldsPage } from '../editor/fields-page.tsx';

interface FlowFields {
  readonly attributes: Attributes;
}

/** The attributes of a flow, which tell its versions apart. */
export function FlowEditor({
  fileId,
  search,
}: {
  readonly fileId: string;
  readonly search: EditorSearch;
}) {
  return (
    <FieldsPage
      fileId={fileId}
      search={search}
      heading="Attributes"
      read={readFlow}
      write={(fields) => ({ ...fields })}
    >
      {({ fields, change }) => (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <div className="mx-auto grid max-w-190 gap-4 p-4">
            <p className="text-fg-2">
              A flow is run by your own code, which logs what it does. Attributes tell its versions
              apart: a model that it uses, a commit of its repository.
            </p>
            <AttributesField
              label="Attributes"
              value={fields.attributes}
              onChange={(attributes) => change({ attributes })}
            />
          </div>
        </div>
      )}
    </FieldsPage>
  );
}

function readFlow(version: FileResponse): FlowFields {
  return { attributes: version.type === 'flow' ? version.attributes : {} };
}
