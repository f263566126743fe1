import { type FormEvent, type ReactNode, useState } from 'react';
import { Failure } from '../loading/failure.tsx';
import { AlertBox, AlertCancel, AlertText } from '../ui/alert-box.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { useSend } from './use-send.ts';

/**
 * Asks before something that cannot be taken back. It closes when that is done; what the server refuses
 * is said in it.
 */
export function ConfirmDialog({
  title,
  action,
  typed,
  look = 'danger',
  staysOpen = false,
  onConfirm,
  onClose,
  children,
}: {
  /** A question: `Revoke “deploy script”?` */
  readonly title: string;
  /** What the button says that does it. */
  readonly action: string;
  /** A name that must be typed before, for what is worst. */
  readonly typed?: string | undefined;
  readonly look?: 'danger' | 'primary';
  /** Whether what is done leads to another dialog, in place of this one. */
  readonly staysOpen?: boolean;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
  /** What happens then. */
  readonly children: ReactNode;
}) {
  const { isBusy, error, send } = useSend();
  const [text, setText] = useState('');
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if ((await send(onConfirm)) && !staysOpen) onClose();
  };
  return (
    <AlertBox title={title} onClose={onClose}>
      <form onSubmit={(event) => void confirm(event)} className="grid gap-3">
        <AlertText asChild>
          <div className="grid gap-2 text-fg-2">{children}</div>
        </AlertText>
        {typed !== undefined && (
          <Field label={`Type “${typed}” to go on`}>
            {(attributes) => (
              <Input
                {...attributes}
                value={text}
                onChange={({ target: { value } }) => setText(value)}
                autoComplete="off"
              />
            )}
          </Field>
        )}
        {error !== undefined && <Failure error={error} />}
        <div className="mt-1 flex justify-end gap-2">
          <AlertCancel asChild>
            <Button>Cancel</Button>
          </AlertCancel>
          <Button
            look={look}
            type="submit"
            disabled={typed !== undefined && text !== typed}
            aria-disabled={isBusy}
          >
            {action}
          </Button>
        </div>
      </form>
    </AlertBox>
  );
}
