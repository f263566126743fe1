import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api } from '../api/client.ts';
import type { FileResponse } from '../api/types.ts';
import { collectionOf } from '../files/kind-of-id.ts';
import { versionLabel } from '../files/version-code.ts';
import { ConfirmDialog } from '../forms/confirm-dialog.tsx';

export function DeleteVersionDialog({
  version,
  onClose,
}: {
  readonly version: FileResponse;
  readonly onClose: () => void;
}) {
  const { id, version_id: versionId } = version;
  const cache = useQueryClient();
  const navigate = useNavigate();
  const remove = async () => {
    await api.DELETE(`/v5/${collectionOf(id)}/{id}/versions/{version_id}`, {
      params: { path: { id, version_id: versionId } },
    });
    await navigate({ to: '/f/$fileId/versions', params: { fileId: id }, replace: true });
    await cache.invalidateQueries({ queryKey: ['file', id] });
  };
  return (
    <ConfirmDialog
      title={`Delete version ${versionLabel(version)}?`}
      action="Delete the version"
      onConfirm={remove}
      onClose={onClose}
    >
      <p>
        Its content can no longer be opened, run or deployed. Its logs stay, and show the version as
        deleted.
      </p>
    </ConfirmDialog>
  );
}
