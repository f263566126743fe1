import { ApiError } from '../../api/api-error.ts';
import { type Faults, faultsOf } from '../form/faults.ts';

/** What the server refuses of a commit. */
export interface VersionFaults {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  /** What is wrong with the version itself. */
  readonly others: Faults;
  /** Whether all of it is said at the name and the description. */
  readonly isAtFields: boolean;
}

export const noVersionFaults: VersionFaults = { others: new Map(), isAtFields: false };

export function versionFaultsOf(error: unknown): VersionFaults {
  const others = new Map(faultsOf(error));
  const isTaken = error instanceof ApiError && error.code === 'version_name_taken';
  const name = isTaken ? error.message : others.get('version_name');
  const description = others.get('version_description');
  others.delete('version_name');
  others.delete('version_description');
  const isAtFields = (name ?? description) !== undefined && others.size === 0;
  return { name, description, others, isAtFields };
}
