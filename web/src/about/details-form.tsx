import { useState } from 'react';
import { api } from '../api/client.ts';
import type { FileResponse } from '../api/types.ts';
import { fileQuery } from '../files/file-queries.ts';
import { collectionOf } from '../files/kind-of-id.ts';
import { useSend } from '../forms/use-send.ts';
import { Failure } from '../loading/failure.tsx';
import { shownIn, useOptimistic } from '../query/optimistic.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { TextArea } from '../ui/text-area.tsx';

interface Details {
  readonly description: string;
  readonly tags: readonly string[];
  readonly readme: string;
}

/** What people say of a file. It belongs to the file, and makes no version. */
export function DetailsForm({
  file,
  onClose,
}: {
  readonly file: FileResponse;
  readonly onClose: () => void;
}) {
  const [description, setDescription] = useState(file.description ?? '');
  const [tags, setTags] = useState(file.tags.join(', '));
  const [readme, setReadme] = useState(file.readme ?? '');
  const { isBusy, error, send } = useSend();
  const { mutateAsync } = useOptimistic<Details>({
    failed: 'Not saved',
    send: (details) =>
      api.PATCH(`/v5/${collectionOf(file.id)}/{id}`, {
        params: { path: { id: file.id } },
        body: { ...details, tags: [...details.tags] },
      }),
    shows: (details) => [
      shownIn<FileResponse>(fileQuery(file.id).queryKey, (data) => ({
        ...data,
        ...details,
        tags: [...details.tags],
      })),
    ],
    touches: [['directory'], ['files']],
  });
  const save = async () => {
    const details = { description, tags: tagsIn(tags), readme };
    if (await send(() => mutateAsync(details))) onClose();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      className="grid gap-3.5"
    >
      <Field label="Description">
        {(attributes) => (
          <TextArea
            {...attributes}
            // The reader pressed Edit to type here.
            autoFocus
            value={description}
            onChange={({ target }) => setDescription(target.value)}
          />
        )}
      </Field>
      <Field label="Tags" hint="Separated by commas.">
        {(attributes) => (
          <Input
            {...attributes}
            autoComplete="off"
            value={tags}
            onChange={({ target }) => setTags(target.value)}
          />
        )}
      </Field>
      <Field label="README" hint="Markdown: what it is for, and what one must know.">
        {(attributes) => (
          <TextArea
            {...attributes}
            rows={6}
            className="font-mono text-xs"
            value={readme}
            onChange={({ target }) => setReadme(target.value)}
          />
        )}
      </Field>
      {error !== undefined && <Failure error={error} />}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="primary" type="submit" aria-disabled={isBusy}>
          Save
        </Button>
      </div>
    </form>
  );
}

function tagsIn(text: string): readonly string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim()))].filter(Boolean);
}
