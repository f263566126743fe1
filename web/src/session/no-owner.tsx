import { SecretBox } from '../ui/secret-box.tsx';
import { EntryPage } from './entry-page.tsx';

/** On a server whose organization has no owner yet: where the link is that makes one. */
export function NoOwner() {
  return (
    <EntryPage title="This server has no owner yet">
      <p className="text-fg-2">
        Open the link that it printed when it started, in the line that begins with “Set up”.
        Whoever opens it becomes the owner. It works once, for a day.
      </p>
      <p className="text-fg-2">
        The link is gone, or has expired? Who runs the server gets a new one with this command, or
        by a restart.
      </p>
      <SecretBox label="Command" text="npm run setup-link" />
      <p className="text-xs text-fg-3">
        Until then the API works with the key that the first start printed.
      </p>
    </EntryPage>
  );
}
