import { Link } from '@tanstack/react-router';

export function NotFoundPage() {
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
