import { Link } from '@tanstack/react-router';
import { ApiError } from '../api/api-error.ts';
import { Page } from './page.tsx';

/** In place of a page of something that is not there. */
export function NoSuchPage({ what }: { readonly what: 'page' | 'file' | 'log' | 'directory' }) {
  return (
    <Page title={`There is no such ${what}`}>
      <p className="m-auto p-4 text-center text-fg-2">
        The link may be old{what !== 'page' && `, or the ${what} was deleted`}.{' '}
        <Link to="/" className="text-accent underline">
          Go to Home
        </Link>
      </p>
    </Page>
  );
}

/** Whether what was asked for is not there: to ask again would not help. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
