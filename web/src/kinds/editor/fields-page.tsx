import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import type { EditorSearch } from '../../editor/editor-search.ts';
import { type Faults, faultsOf, noFaults } from '../../editor/form/faults.ts';
import { EditorStatus } from '../../editor/page/editor-status.tsx';
import { versionQuery } from '../../files/file-queries.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { Failure } from '../../loading/failure.tsx';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { useMay } from '../../session/session.ts';
import { FilePage } from '../../shell/file-page.tsx';
import { FieldsActions } from './fields-actions.tsx';
import { type EditedFields, useFields } from './use-fields.ts';

const SpecDiff = lazy(async () => ({
  default: (await import('../../version-diff/spec-diff.tsx')).SpecDiff,
}));
const CommitFieldsDialog = lazy(async () => ({
  default: (await import('./commit-fields-dialog.tsx')).CommitFieldsDialog,
}));

interface FieldsPageProps<Fields> {
  readonly fileId: string;
  readonly search: EditorSearch;
  /** The name of the page. */
  readonly heading?: string;
  /** What is edited of a version. */
  readonly read: (version: FileResponse) => Fields;
  /** What is stored, as the body of a request. */
  readonly write: (fields: Fields) => Readonly<Record<string, unknown>>;
  readonly children: (edited: EditedFields<Fields>, faults: Faults) => ReactNode;
}

/** A page on which the fields of a version are changed and committed. */
export function FieldsPage<Fields extends object>(props: FieldsPageProps<Fields>) {
  const { fileId, search, heading = 'Editor' } = props;
  const version = useQuery(versionQuery(fileId, search.version));
  if (version.data) {
    return <Loaded key={version.data.version_id} {...props} version={version.data} />;
  }
  return (
    <FilePage fileId={fileId} heading={heading}>
      {() =>
        version.isError ? (
          <div className="p-4">
            <Failure error={version.error} onRetry={() => void version.refetch()} />
          </div>
        ) : (
          <SkeletonRows rows={6} />
        )
      }
    </FilePage>
  );
}

function Loaded<Fields extends object>({
  fileId,
  heading = 'Editor',
  version,
  read,
  write,
  children,
}: FieldsPageProps<Fields> & { readonly version: FileResponse }) {
  const edited = useFields(version, read(version));
  const [isCommitting, setCommitting] = useState(false);
  const [faults, setFaults] = useState<Faults>(noFaults);
  const mayWrite = useMay('write');
  const navigate = useNavigate({ from: '/f/$fileId/editor' });
  const { isChanged, discard, base, fields } = edited;
  const commit = () => setCommitting(true);
  useShortcuts({ commit: isChanged && mayWrite ? commit : undefined });
  return (
    <FilePage
      fileId={fileId}
      heading={heading}
      status={<EditorStatus edited={edited} other={undefined} />}
      actions={mayWrite && <FieldsActions edited={edited} onCommit={commit} />}
    >
      {() => (
        <>
          {children(edited, faults)}
          <Suspense>
            {isCommitting && (
              <CommitFieldsDialog
                version={version}
                body={write(fields)}
                onRefused={(error) => setFaults(faultsOf(error))}
                onCommitted={({ version_id }) => {
                  discard();
                  setFaults(noFaults);
                  void navigate({ search: { version: version_id }, replace: true });
                }}
                onClose={() => setCommitting(false)}
              >
                <SpecDiff kind={version.type} before={write(base)} after={write(fields)} />
              </CommitFieldsDialog>
            )}
          </Suspense>
        </>
      )}
    </FilePage>
  );
}
