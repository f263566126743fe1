import { lazy, Suspense, useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { useMay } from '../../session/session.ts';
import { FilePage } from '../../shell/file-page.tsx';
import { FieldsActions } from '../editor/fields-actions.tsx';
import {
  type Changes,
  isChange,
  withColumns,
  withContents,
  withoutRow,
  withRows,
} from './changes.ts';
import { type Column, withText } from './columns.ts';
import { type Content, type Datapoint, emptyContent } from './content.ts';
import type { DatasetDialogName } from './dataset-dialog.tsx';
import { DatasetStatus } from './dataset-status.tsx';
import { NoRows } from './no-rows.tsx';
import { Notices } from './notices.tsx';
import { pastedRows } from './paste.ts';
import type { Place } from './place.ts';
import { RowGrid } from './row-grid.tsx';
import { RowTools } from './row-tools.tsx';
import type { RowsSearch } from './rows-search.ts';
import { useChanges } from './use-changes.ts';
import { useRows } from './use-rows.ts';

const DatasetDialog = lazy(async () => ({
  default: (await import('./dataset-dialog.tsx')).DatasetDialog,
}));

interface DatasetRowsProps {
  readonly version: FileResponse;
  readonly datapoints: readonly Datapoint[];
  readonly search: RowsSearch;
  readonly onSearch: (search: RowsSearch) => void;
}

/** The rows of a version, with the changes that are not committed. */
export function DatasetRows({ version, datapoints, search, onSearch }: DatasetRowsProps) {
  const { changes, change, discard, moveTo, isKept } = useChanges(version.id, version.version_id);
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const [dialog, setDialog] = useState<DatasetDialogName>();
  const mayWrite = useMay('write');
  const { all, rows, columns } = useRows(datapoints, changes, search.q ?? '');
  const isChanged = isChange(changes);
  const show = (versionId: string) => onSearch({ version: versionId });
  const goOnWith = (next: FileResponse, left: Changes) => {
    moveTo(next.version_id, left);
    show(next.version_id);
  };
  const commit = () => setDialog({ type: 'commit' });
  useShortcuts({ commit: isChanged && mayWrite ? commit : undefined });
  const add = (contents: readonly Content[], added: readonly Column[] = []) =>
    change(withRows(withColumns(changes, columns, added), contents));
  return (
    <FilePage
      fileId={version.id}
      heading="Rows"
      status={<DatasetStatus version={version} changes={changes} onVersion={show} />}
      actions={
        mayWrite && <FieldsActions edited={{ version, isChanged, discard }} onCommit={commit} />
      }
    >
      {() => (
        <>
          <Notices
            version={version}
            isChanged={isChanged}
            isKept={isKept}
            onVersion={show}
            onMerge={(theirs) => setDialog({ type: 'merge', theirs })}
          />
          <RowTools
            count={all.length}
            shown={rows.length}
            q={search.q ?? ''}
            isReadOnly={!mayWrite}
            hasActive={active.row < rows.length}
            onSearch={(q) => onSearch({ ...search, q })}
            onAdd={() => {
              // A row without columns could not be typed in.
              if (columns.length === 0) return setDialog({ type: 'column' });
              add([emptyContent]);
              setActive({ row: rows.length, column: 0 });
            }}
            onRemove={() => change(withoutRow(changes, rows[active.row]))}
            onDialog={(type) => setDialog({ type })}
          />
          {all.length === 0 && columns.length === 0 ? (
            <NoRows datasetPath={version.path} />
          ) : (
            <RowGrid
              rows={rows}
              columns={columns}
              active={active}
              isReadOnly={!mayWrite}
              onActivate={setActive}
              onText={(row, column, text) =>
                change(withContents(changes, [[row, withText(row.content, column, text)]]))
              }
              onOpen={(row) => setDialog({ type: 'messages', row })}
              onPaste={(text, at) => change(pastedRows(changes, { text, at, rows, columns }))}
            />
          )}
          <Suspense>
            {dialog && (
              <DatasetDialog
                dialog={dialog}
                version={version}
                rows={all}
                columns={columns}
                changes={changes}
                onChange={change}
                onAdd={add}
                onDone={goOnWith}
                onClose={() => setDialog(undefined)}
              />
            )}
          </Suspense>
        </>
      )}
    </FilePage>
  );
}
