import type { ErrorComponentProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Failure } from '../loading/failure.tsx';

/** In place of a page that could not be shown. */
export function CrashPage({ error, reset }: ErrorComponentProps) {
  useEffect(() => {
    // The server has a newer UI, and no longer the part that this one wants. Once: the new one may fail, too.
    const isOld = /dynamically imported module|module script failed/.test(String(error));
    if (!isOld || sessionStorage.getItem('loopwright.reloaded')) return;
    sessionStorage.setItem('loopwright.reloaded', 'yes');
    location.reload();
  }, [error]);
  return (
    <main className="p-4">
      <h1 className="mb-3 text-lg font-medium">This page could not be shown</h1>
      <Failure error={error} onRetry={reset} />
    </main>
  );
}
