import type { FileResponse } from '../../api/types.ts';
import { versionLabel } from '../../files/version-code.ts';
import { CommitFieldsDialog } from '../editor/commit-fields-dialog.tsx';
import { type Changes, contentsOf, countsOf, noChanges, withContents } from './changes.ts';
import { ColumnDialog } from './column-dialog.tsx';
import type { Column } from './columns.ts';
import { bodyOf, type Content, emptyContent, type Row } from './content.ts';
import { ImportDialog } from './import-dialog.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { MessagesDialog } from './messages-dialog.tsx';
import { PlusMinus } from './plus-minus.tsx';
import { useNewerVersion } from './use-newer-version.ts';

export type DatasetDialogName =
  | { readonly type: 'commit' | 'column' | 'import' }
  | { readonly type: 'messages'; readonly row: Row }
  | { readonly type: 'merge'; readonly theirs: FileResponse };

/** The dialog that is open over the rows. */
export function DatasetDialog({
  dialog,
  version,
  rows,
  columns,
  changes,
  onChange,
  onAdd,
  onDone,
  onClose,
}: {
  readonly dialog: DatasetDialogName;
  readonly version: FileResponse;
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
  readonly changes: Changes;
  readonly onChange: (changes: Changes) => void;
  /** Adds rows, and columns that are not there yet. */
  readonly onAdd: (contents: readonly Content[], columns: readonly Column[]) => void;
  /** Told the version to go on with, and what is then changed of it: one that was committed, or that of somebody else. */
  readonly onDone: (version: FileResponse, changes: Changes) => void;
  readonly onClose: () => void;
}) {
  switch (dialog.type) {
    case 'commit':
      return (
        <CommitFieldsDialog
          version={version}
          body={{ action: 'set', datapoints: contentsOf(rows).map(bodyOf) }}
          onCommitted={(committed) => onDone(committed, noChanges)}
          onClose={onClose}
        >
          <Summary version={version} rows={rows} changes={changes} />
        </CommitFieldsDialog>
      );
    case 'column':
      return (
        <ColumnDialog
          columns={columns}
          onAdd={(column) => onAdd(rows.length === 0 ? [emptyContent] : [], [column])}
          onClose={onClose}
        />
      );
    case 'import':
      return <ImportDialog columns={columns} onImport={onAdd} onClose={onClose} />;
    case 'merge':
      return (
        <MergeDialog
          version={version}
          theirs={dialog.theirs}
          changes={changes}
          onMerged={(merged) => onDone(dialog.theirs, merged)}
          onClose={onClose}
        />
      );
    case 'messages': {
      const { row } = dialog;
      return (
        <MessagesDialog
          messages={row.content.messages}
          onSave={(messages) =>
            onChange(withContents(changes, [[row, { ...row.content, messages }]]))
          }
          onClose={onClose}
        />
      );
    }
  }
}

function Summary({
  version,
  rows,
  changes,
}: {
  readonly version: FileResponse;
  readonly rows: readonly Row[];
  readonly changes: Changes;
}) {
  const { newer } = useNewerVersion(version, true);
  const contents = contentsOf(rows);
  const different = new Set(contents.map((content) => JSON.stringify(content))).size;
  return (
    <div className="grid gap-1">
      <p className="flex items-center gap-2">
        <PlusMinus {...countsOf(changes)} />
        <span className="text-fg-2">
          {different === 1 ? '1 row' : `${different} rows`} in the new version
        </span>
      </p>
      {different < contents.length && (
        <p className="text-xs text-fg-3">
          {contents.length - different} that are there twice count once.
        </p>
      )}
      {newer && (
        <p className="text-xs text-warn">
          The rows of {versionLabel(newer)}, which was made meanwhile, are not in it. You can merge
          them before you commit.
        </p>
      )}
    </div>
  );
}
