import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { FileResponse } from '../../api/types.ts';
import { GoneBase } from '../../editor/draft/gone-base.tsx';
import { UnreadVersion } from '../../editor/draft/unread-version.tsx';
import { useVersionsMeanwhile } from '../../editor/draft/use-versions-meanwhile.ts';
import type { EditorSearch } from '../../editor/editor-search.ts';
import { type Faults, faultsOf, noFaults } from '../../editor/form/faults.ts';
import { EditorStatus } from '../../editor/page/editor-status.tsx';
import { useEditedVersion } from '../../editor/page/use-edited-version.ts';
import { versionQuery } from '../../files/file-queries.ts';
import { goToUnread } from '../../forms/unread.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { SkeletonRows } from '../../loading/skeleton.tsx';
import { useMay } from '../../session/session.ts';
import { FilePage } from '../../shell/file-page.tsx';
import { FieldsActions } from './fields-actions.tsx';
import { fieldsDrafts } from './fields-drafts.ts';
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
  const versionId = useEditedVersion(fileId, search, fieldsDrafts);
  const version = useQuery({
    ...versionQuery(fileId, versionId),
    enabled: versionId !== undefined,
  });
  const navigate = useNavigate({ from: '/f/$fileId/editor' });
  const edit = (id: string) => void navigate({ search: { version: id }, replace: true });
  if (version.data) {
    return (
      <Loaded key={version.data.version_id} {...props} version={version.data} onVersion={edit} />
    );
  }
  return (
    <FilePage fileId={fileId} heading={heading}>
      {(latest) =>
        version.isError ? (
          <UnreadVersion
            latest={latest}
            versionId={versionId}
            drafts={fieldsDrafts}
            error={version.error}
            onRetry={() => void version.refetch()}
            onVersion={edit}
          />
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
  onVersion,
}: FieldsPageProps<Fields> & {
  readonly version: FileResponse;
  /** Edits another version, in place of this one. */
  readonly onVersion: (versionId: string) => void;
}) {
  const edited = useFields(version, read(version));
  const [isCommitting, setCommitting] = useState(false);
  const [faults, setFaults] = useState<Faults>(noFaults);
  const mayWrite = useMay('write');
  const { isChanged, discard, base, fields } = edited;
  const { isGone } = useVersionsMeanwhile(version, isChanged);
  const commit = () => goToUnread() || setCommitting(true);
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
          {isGone && isChanged && (
            <GoneBase
              fileId={fileId}
              baseId={version.version_id}
              drafts={fieldsDrafts}
              onVersion={onVersion}
            />
          )}
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
                  onVersion(version_id);
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
