import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { EntryPage } from '../session/entry-page.tsx';
import { NoOwner } from '../session/no-owner.tsx';
import { signInStateQuery } from '../session/session.ts';
import { useLinkToken } from '../session/use-link-token.ts';
import { FirstKeyStep } from '../settings/setup/first-key-step.tsx';
import { FirstProviderStep } from '../settings/setup/first-provider-step.tsx';
import { OwnerStep } from '../settings/setup/owner-step.tsx';

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

function WithoutLink() {
  const state = useQuery(signInStateQuery);
  if (state.isPending) return null;
  if (!state.data?.claimed) return <NoOwner />;
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
