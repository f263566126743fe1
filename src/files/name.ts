import { invalid } from '../kernel/errors.ts';
import { characterFault, composed } from './name-characters.ts';

type Loc = readonly (string | number)[];

/** The form in which names are stored and compared: composed, without blanks around it. */
export function canonicalName(name: string): string {
  return composed(name).trim();
}

/**
 * The name of something that is to be there already, in the form in which names are compared.
 *
 * @throws `invalid` at `loc` for a character that no name has, which a reader would not see either.
 */
export function soughtName(name: string, loc: Loc): string {
  const canonical = canonicalName(name);
  const fault = characterFault(canonical, 'name');
  if (fault !== undefined) throw invalid(loc, fault);
  return canonical;
}

/**
 * Checks the name of a version, and answers it in the form in which names are kept.
 *
 * @throws `invalid` at `loc`.
 */
export function checkedVersionName(name: string, loc: Loc): string {
  const canonical = soughtName(name, loc);
  if (canonical === '') throw invalid(loc, 'The name is empty.');
  return canonical;
}
