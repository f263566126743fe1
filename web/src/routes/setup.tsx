import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { EntryPage } from '../session/entry-page.tsx';
import { NoOwner } from '../session/no-owner.tsx';
import { sessionQuery, signInStateQuery } from '../session/session.ts';
import { useLinkToken } from '../session/use-link-token.ts';
import { FirstKeyStep } from '../settings/setup/first-key-step.tsx';
import { FirstProviderStep } from '../settings/setup/first-provider-step.tsx';
import { OwnerStep } from '../settings/setup/owner-step.tsx';
import { Button } from '../ui/button.tsx';

/** The first run: the owner, the first API key, the first key of a model provider; then Home. */
export function SetupPage() {
  const token = useLinkToken();
  const navigate = useNavigate();
  const [key, setKey] = useState<string>();
  const [isKept, setKept] = useState(false);
  if (token === '') return <WithoutLink />;
  if (key === undefined) return <OwnerStep token={token} onDone={setKey} />;
  if (!isKept) return <FirstKeyStep value={key} onDone={() => setKept(true)} />;
  return <FirstProviderStep onDone={() => void navigate({ to: '/' })} />;
}

/** Without the link there is nothing to set up: a reload loses it, and it works once. */
function WithoutLink() {
  const state = useQuery(signInStateQuery);
  const isClaimed = state.data?.claimed === true;
  const session = useQuery({ ...sessionQuery, enabled: isClaimed });
  if (state.isPending || (isClaimed && session.isPending)) return null;
  if (!isClaimed) return <NoOwner />;
  if (session.data) return <SetUpDone />;
  return (
    <EntryPage title="This server is set up">
      <p className="text-fg-2">
        It has an owner already.{' '}
        <Link to="/login" className="text-accent underline">
          Sign in
        </Link>
        , or ask an admin to invite you.
      </p>
    </EntryPage>
  );
}

/** What whoever is signed in already can do in place of the steps that are left. */
function SetUpDone() {
  const navigate = useNavigate();
  return (
    <EntryPage title="Set-up is done">
      <p className="text-fg-2">
        You are signed in. A first API key is shown only once: if you have not kept it, make another
        one in{' '}
        <Link to="/settings/api-keys" className="text-accent underline">
          Settings › API keys
        </Link>
        . Keys of model providers are set in{' '}
        <Link to="/settings/providers" className="text-accent underline">
          Settings › Providers
        </Link>
        .
      </p>
      <Button look="primary" onClick={() => void navigate({ to: '/' })} className="h-8">
        Go to Home
      </Button>
    </EntryPage>
  );
}
