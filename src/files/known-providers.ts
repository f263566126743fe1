import { isModelProvider, modelProviders } from '../contract/providers.ts';
import type { Workspace } from '../database/workspace.ts';
import { type Fault, PlatformError } from '../kernel/errors.ts';
import { clipText } from '../kernel/text.ts';
import { listEndpointNames } from './endpoint-name-queries.ts';
import type { Loc, ProviderPlace } from './kind.ts';

/**
 * @param inside the place of the spec in the body.
 * @throws `invalid` for every place that names neither a vendor nor a custom endpoint of the
 *   organization.
 */
export async function requireKnownProviders(
  workspace: Workspace,
  places: readonly ProviderPlace[],
  inside: Loc = [],
): Promise<void> {
  const faults = await unknownProviders(workspace, places);
  if (faults.length === 0) return;
  const body = faults.map((fault) => ({ ...fault, loc: ['body', ...inside, ...fault.loc] }));
  throw new PlatformError('invalid', 'invalid', faults[0]?.msg ?? '', { faults: body });
}

/** A fault for every place that names no provider; only endpoints cost a query. */
export async function unknownProviders(
  workspace: Workspace,
  places: readonly ProviderPlace[],
): Promise<readonly Fault[]> {
  const others = places.filter(({ name }) => !isModelProvider(name));
  if (others.length === 0) return [];
  const endpoints = await listEndpointNames(workspace);
  return others
    .filter(({ name }) => !endpoints.includes(name))
    .map(({ name, loc }) => ({ loc, msg: unknownProvider(name, endpoints), type: 'enum' }));
}

/** Says that there is no such provider, and which there are. @param endpoints of the organization. */
export function unknownProvider(name: string, endpoints: readonly string[]): string {
  const own =
    endpoints.length === 0
      ? 'your organization has no custom endpoints'
      : `the custom endpoints of your organization are ${quoted(endpoints)}`;
  return `There is no provider \`${clipText(name, 100)}\`. The vendors are ${quoted(modelProviders)}; ${own}.`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
