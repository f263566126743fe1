import { invalid } from '../kernel/errors.ts';
import { characterFault, composed } from './name-characters.ts';

const longestSegment = 255;
const mostSegments = 64;
/** The most bytes of a whole path. The index of Postgres accepts about 2,700. */
const longestPath = 2_000;

type Loc = readonly (string | number)[];

/**
 * Checks the path of a file or directory, and returns its {@link canonicalPath | canonical form}.
 *
 * @param path from the root, without a leading or trailing slash: `Banking/Teller Agent`. A segment
 *   has at most 255 characters. Spaces and punctuation are allowed, invisible characters are not.
 * @throws `invalid` at `loc`: the place in the request from which the path comes.
 */
export function checkedPath(path: string, loc: Loc = ['body', 'path']): string {
  const canonical = canonicalPath(path);
  const fault = pathFault(canonical);
  if (fault !== undefined) throw invalid(loc, fault);
  return canonical;
}

/** The form in which paths are stored and compared: composed, without spaces around segments. */
export function canonicalPath(path: string): string {
  const text = composed(path.trim());
  if (!text.includes(' /') && !text.includes('/ ')) return text;
  return text.split('/').map(withoutSpaces).join('/');
}

/** Removes only spaces. A tab is no typing mistake, so it is refused later. */
function withoutSpaces(segment: string): string {
  let start = 0;
  let end = segment.length;
  while (segment[start] === ' ') start += 1;
  while (end > start && segment[end - 1] === ' ') end -= 1;
  return segment.slice(start, end);
}

/** What is wrong with a canonical path; undefined if nothing is. */
export function pathFault(path: string, thing: 'path' | 'name' = 'path'): string | undefined {
  if (path === '') return `The ${thing} is empty.`;
  if (path.startsWith('/') || path.endsWith('/')) {
    return `A ${thing} must not begin or end with a slash.`;
  }
  const segments = path.split('/');
  if (segments.length > mostSegments)
    return `A ${thing} can have at most ${mostSegments} segments.`;
  for (const segment of segments) {
    if (segment === '') return `A ${thing} must not have empty segments.`;
    if (segment === '.' || segment === '..')
      return `A ${thing} must not have \`.\` or \`..\` as a segment.`;
    if (segment.length > longestSegment) {
      const part = thing === 'name' ? 'A name' : 'A segment of a path';
      return `${part} can have at most ${longestSegment} characters.`;
    }
  }
  if (Buffer.byteLength(path) > longestPath)
    return `A ${thing} can have at most ${longestPath} bytes.`;
  // Check the characters last: this is the slowest check, and the path is known to be short by now.
  return characterFault(path, thing);
}

/**
 * Checks the name of a file or directory and returns its canonical form.
 *
 * @throws `invalid` at `body.name`, for what {@link checkedPath} refuses, and for a slash.
 */
export function checkedName(name: string): string {
  const canonical = canonicalPath(name);
  const fault = canonical.includes('/')
    ? 'A name must not contain a slash.'
    : pathFault(canonical, 'name');
  if (fault !== undefined) throw invalid(['body', 'name'], fault);
  return canonical;
}

/**
 * Checks that the paths of a directory and everything below it are not too long after a move.
 *
 * @param longest the longest paths before the move, from `from`.
 * @throws `invalid` at `loc`.
 */
export function requireRoomBelow(
  longest: { readonly bytes: number; readonly segments: number },
  { from, to, loc }: { readonly from: string; readonly to: string; readonly loc: Loc },
): void {
  const bytes = longest.bytes + Buffer.byteLength(to) - Buffer.byteLength(from);
  const segments = longest.segments + to.split('/').length - from.split('/').length;
  if (bytes > longestPath) {
    throw invalid(loc, `A path below this directory would have more than ${longestPath} bytes.`);
  }
  if (segments > mostSegments) {
    throw invalid(
      loc,
      `A path below this directory would have more than ${mostSegments} segments.`,
    );
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
