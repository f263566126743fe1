import { Link } from '@tanstack/react-router';

/** A directory above a page, and the way there. */
export function DirectoryCrumb({
  directory: { id, path, name },
}: {
  readonly directory: { readonly id: string; readonly path: string; readonly name: string };
}) {
  return (
    <Link to="/dir/{-$dirId}" params={{ dirId: id }} className="hover:text-fg hover:underline">
      {path === '' ? 'Files' : name}
    </Link>
  );
}
