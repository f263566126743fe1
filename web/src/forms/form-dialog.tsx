import { type FormEvent, type ReactNode, useEffect, useRef } from 'react';
import { Failure } from '../loading/failure.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { goToUnread } from './unread.ts';
import { useSend } from './use-send.ts';

/** A dialog with fields. It closes when they were sent; what the server refuses is said in it. */
export function FormDialog({
  title,
  action,
  isReady = true,
  staysOpen = false,
  saysAtFields = false,
  onSend,
  onClose,
  children,
}: {
  readonly title: string;
  /** What its button says. */
  readonly action: string;
  /** Whether it can be sent as it is. */
  readonly isReady?: boolean;
  /** Whether what was sent leads to another dialog, in place of this one. */
  readonly staysOpen?: boolean;
  /** Whether what was refused is said at the fields, and so not at the foot. */
  readonly saysAtFields?: boolean;
  /** Sends it. */
  readonly onSend: () => Promise<unknown>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { isBusy, error, send } = useSend();
  const fields = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error === undefined || !saysAtFields) return;
    fields.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [error, saysAtFields]);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (goToUnread(event.currentTarget)) return;
    if ((await send(onSend)) && !staysOpen) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} className="max-w-120">
      <form
        ref={focusFirstField}
        onSubmit={(event) => void submit(event)}
        className="flex min-h-0 flex-col"
      >
        <div ref={fields} className="@container grid min-h-0 gap-3.5 overflow-y-auto p-4">
          {children}
        </div>
        {error !== undefined && !saysAtFields && (
          // In sight, however long the form is.
          <div className="max-h-40 shrink-0 overflow-y-auto px-4 pb-3">
            <Failure error={error} />
          </div>
        )}
        <div className="flex shrink-0 justify-end gap-2 border-t border-line px-4 py-3">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={!isReady} aria-disabled={isBusy}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Who opens a form wants to fill it in. */
function focusFirstField(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('input:not([readonly], [disabled]), select, textarea')?.focus();
}
