import type { MadeApiKey } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SecretBox } from '../../ui/secret-box.tsx';

/** A key that was made now, with a call that any key may make. */
export function MadeKeyDialog({
  made,
  note,
  onClose,
}: {
  readonly made: MadeApiKey;
  /** What else there is to know. */
  readonly note?: string | undefined;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={`API key “${made.name}”`} onClose={onClose} isShownOnce>
      <div className="grid min-h-0 gap-3.5 overflow-y-auto p-4">
        <p className="text-fg-2">
          It is shown only now. Keep it where your programs keep secrets.{note && ` ${note}`}
        </p>
        <SecretBox label="API key" text={made.key} />
        <SecretBox
          label="Try it"
          text={`curl ${location.origin}/v5/me -H "X-API-KEY: ${made.key}"`}
        />
        <Button look="primary" onClick={onClose} className="justify-self-end">
          I have kept it
        </Button>
      </div>
    </Dialog>
  );
}
