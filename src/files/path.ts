import { invalid } from '../kernel/errors.ts';

const longestSegment = 255;
const mostSegments = 64;
/** Bytes of a whole path; Postgres can index no more than about 2,700. */
const longestPath = 2_000;

type Loc = readonly (string | number)[];

/**
 * Checks the path of a file or directory, and answers it trimmed.
 *
 * @param path from the root, without a leading or trailing slash: `Banking/Teller Agent`. Segments
 *   have at most 255 characters; spaces and punctuation are fine, control characters are not.
 * @throws `invalid` at `loc`: where the request says what the path comes from.
 */
export function checkedPath(path: string, loc: Loc = ['body', 'path']): string {
  const trimmed = path.trim();
  const fault = pathFault(trimmed);
  if (fault !== undefined) throw invalid(loc, fault);
  return trimmed;
}

function pathFault(path: string): string | undefined {
  if (path === '') return 'The path is empty.';
  if (path.startsWith('/') || path.endsWith('/')) {
    return 'A path neither begins nor ends with a slash.';
  }
  const segments = path.split('/');
  if (segments.length > mostSegments) return `A path has at most ${mostSegments} segments.`;
  for (const segment of segments) {
    if (segment.trim() === '') return 'A path has no empty segments.';
    if (segment === '.' || segment === '..') return 'A path has no `.` or `..` in it.';
    if (segment.length > longestSegment) {
      return `A segment of a path has at most ${longestSegment} characters.`;
    }
    if (/\p{Cc}/u.test(segment)) return 'A path has no control characters.';
  }
  if (Buffer.byteLength(path) > longestPath) return `A path has at most ${longestPath} bytes.`;
  return undefined;
}

/**
 * Checks the name of a file or directory, and answers it trimmed.
 *
 * @throws `invalid` at `body.name`, for what {@link checkedPath} refuses, and for a slash.
 */
export function checkedName(name: string): string {
  const trimmed = name.trim();
  const fault = trimmed.includes('/') ? 'A name has no slash in it.' : pathFault(trimmed);
  if (fault !== undefined) throw invalid(['body', 'name'], fault);
  return trimmed;
}

/**
 * Checks how long the paths of a directory and of all below it are once the directory is elsewhere.
 *
 * @param longest the longest paths while it is at `from`.
 * @throws `invalid` at `loc`.
 */
export function requireRoomBelow(
  longest: { readonly bytes: number; readonly segments: number },
  { from, to, loc }: { readonly from: string; readonly to: string; readonly loc: Loc },
): void {
  const bytes = longest.bytes + Buffer.byteLength(to) - Buffer.byteLength(from);
  const segments = longest.segments + to.split('/').length - from.split('/').length;
  if (bytes > longestPath) {
    throw invalid(loc, `A path below it would have more than ${longestPath} bytes.`);
  }
  if (segments > mostSegments) {
    throw invalid(loc, `A path below it would have more than ${mostSegments} segments.`);
  }
}

/** The path of a name in a directory: `c` in `a/b` is `a/b/c`, `c` in the root is `c`. */
export function joinPath(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}

/** The directory and the name in a path: `['a/b', 'c']` of `a/b/c`, `['', 'c']` of `c`. */
export function splitPath(path: string): readonly [directory: string, name: string] {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)];
}
