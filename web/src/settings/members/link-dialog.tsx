import { wholeTime } from '../../format/time.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SecretBox } from '../../ui/secret-box.tsx';
import type { NewLink } from './member-queries.ts';

/** A link that was made now, to be passed on. */
export function LinkDialog({
  title,
  about,
  link,
  onClose,
}: {
  readonly title: string;
  /** For whom it is, and what it does. */
  readonly about: string;
  readonly link: NewLink;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose} isShownOnce className="max-w-120">
      <div className="grid gap-3.5 p-4">
        <p className="text-fg-2">{about}</p>
        <SecretBox label="Link" text={link.url} />
        <p className="text-fg-3">
          It is shown only now, works once, and expires {wholeTime(link.expires_at)}. No mail is
          sent: pass it on yourself.
        </p>
        <Button look="primary" onClick={onClose} className="justify-self-end">
          Done
        </Button>
      </div>
    </Dialog>
  );
}
