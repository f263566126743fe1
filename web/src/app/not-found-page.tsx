import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { sessionQuery } from '../session/session.ts';
import { NoSuchPage } from '../shell/no-such-page.tsx';
import { Shell } from '../shell/shell.tsx';

/** For an address that is no page's: in the frame of all pages for who is signed in. */
export function NotFoundPage() {
  const session = useQuery(sessionQuery);
  if (session.isPending) return null;
  if (session.data) {
    return (
      <Shell>
        <NoSuchPage what="page" />
      </Shell>
    );
  }
  return (
    <main className="grid h-full place-content-center gap-2 p-4 text-center">
      <h1 className="text-lg font-medium">There is no such page</h1>
      <p className="text-fg-2">
        The link may be old.{' '}
        <Link to="/" className="text-accent underline">
          Go to Home
        </Link>
      </p>
    </main>
  );
}
