import { invalid } from '../kernel/errors.ts';
import { characterFault, composed } from './name-characters.ts';

type Loc = readonly (string | number)[];

/** The form in which names are stored and compared: composed, without spaces around it. */
export function canonicalName(name: string): string {
  return composed(name).trim();
}

/**
 * The canonical form of a name that is looked up.
 *
 * @throws `invalid` at `loc` for a character that no name can have, which a reader could not see
 *   either.
 */
export function soughtName(name: string, loc: Loc): string {
  const canonical = canonicalName(name);
  const fault = characterFault(canonical, 'name');
  if (fault !== undefined) throw invalid(loc, fault);
  return canonical;
}

/**
 * Checks the name of a version and returns its canonical form.
 *
 * @throws `invalid` at `loc`.
 */
export function checkedVersionName(name: string, loc: Loc): string {
  const canonical = soughtName(name, loc);
  if (canonical === '') throw invalid(loc, 'The name is empty.');
  return canonical;
}
