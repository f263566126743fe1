import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { KindIcon } from '../files/kind-icon.tsx';
import { kindOfId } from '../files/kind-of-id.ts';
import { sessionQuery } from '../session/session.ts';
import { visitsOf } from './visits.ts';

/** Where the reader was: the pages of files and logs that were open last in this browser. */
export function LastPages() {
  const memberId = useQuery(sessionQuery).data?.member.id ?? '';
  const [visits] = useState(() => visitsOf(memberId));
  if (visits.length === 0) return null;
  return (
    <section className="grid gap-2">
      <h2 className="text-base font-medium">Continue where you were</h2>
      <ul className="grid gap-2 sm:grid-cols-2 md:grid-cols-3">
        {visits.map(({ path, search, title, fileId }) => {
          const kind = kindOfId(fileId);
          return (
            <li key={path} className="min-w-0">
              <Link
                to={path as '/'}
                search={search}
                className="flex h-9 min-w-0 items-center gap-2 rounded-lg border border-line bg-panel px-3 hover:bg-hover coarse:h-11"
              >
                {kind && <KindIcon kind={kind} />}
                <span className="truncate" title={title}>
                  {title}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
