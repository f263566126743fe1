import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { LogResponse } from '../../api/types.ts';
import { useSend } from '../../forms/use-send.ts';
import { Failure } from '../../loading/failure.tsx';
import { sessionQuery } from '../../session/session.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { isAnswered } from './continue-errors.ts';
import { keysThatContinue, lostKeysOf, sendKeys } from './continue-keys.ts';

/**
 * A run that its server left, and whose call had brought provider keys: what happened, and the keys with
 * which it goes on.
 */
export function InterruptedCard({
  log,
  onContinued,
}: {
  readonly log: LogResponse;
  /** Called when the log is to be read again. */
  readonly onContinued: () => Promise<void>;
}) {
  const mayRun = useQuery(sessionQuery).data?.caller.scopes.includes('run') ?? false;
  const names = lostKeysOf(log).flatMap(keysThatContinue);
  const [keys, setKeys] = useState<Readonly<Record<string, string>>>({});
  const { isBusy, error, send } = useSend();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    await send(async () => {
      await sendKeys(log.id, keys).catch(async (refused: unknown) => {
        // Somebody else was first: the run goes on, and that is what one sees.
        if (!isAnswered(refused)) throw refused;
      });
      await onContinued();
    });
  };
  return (
    <section
      aria-label="Interrupted"
      className="overflow-hidden rounded-lg border border-warn-line bg-panel shadow-card"
    >
      <div className="flex min-h-9 items-center gap-2 border-b border-warn-line bg-warn-soft px-3 py-1">
        <KeyRound aria-hidden strokeWidth={2.2} className="size-3.5 shrink-0 text-warn" />
        <h2 className="font-medium">This run was interrupted</h2>
      </div>
      <form onSubmit={(event) => void submit(event)} className="grid gap-3 px-3 py-2.5">
        <p className="text-fg-2">
          Its server stopped, and the provider keys that came with the call are lost, because they
          are never stored. What the run had done is kept. With the keys it goes on from there; or
          stop it, and its log stays as it is.
        </p>
        {mayRun &&
          names.map(({ name, label, isSecret }) => (
            <Field
              key={name}
              label={label}
              hint={
                isSecret && (
                  <>
                    For this run only. May be left out if one has been stored in{' '}
                    <Link to="/settings/providers" className="text-accent underline">
                      the settings
                    </Link>{' '}
                    since.
                  </>
                )
              }
            >
              {(attributes) => (
                <Input
                  {...attributes}
                  type={isSecret ? 'password' : 'url'}
                  autoComplete="off"
                  spellCheck={false}
                  className="font-mono"
                  value={keys[name] ?? ''}
                  onChange={({ target }) => setKeys({ ...keys, [name]: target.value.trim() })}
                />
              )}
            </Field>
          ))}
        {error !== undefined && <Failure error={error} />}
        <div className="flex justify-end">
          {mayRun ? (
            <Button look="primary" type="submit" disabled={isBusy}>
              Continue the run
            </Button>
          ) : (
            <p className="mr-auto text-xs text-fg-3">You may read this, and not continue it.</p>
          )}
        </div>
      </form>
    </section>
  );
}
