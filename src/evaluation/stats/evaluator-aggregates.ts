import type { Workspace } from '../../database/workspace.ts';
import { loadAggregates } from './aggregate-queries.ts';

type Body = Readonly<Record<string, unknown>>;

/** Fills `evaluator_aggregates` of the bodies of versions, if a query asks for it. */
export async function withAggregates(
  workspace: Workspace,
  bodies: readonly Body[],
  query: Body,
): Promise<readonly Body[]> {
  if (query['evaluator_aggregates'] !== true) return bodies;
  const ids = bodies.map(({ version_id }) => String(version_id));
  const aggregates = await loadAggregates(workspace, ids);
  return bodies.map((body) => {
    const ofVersion = aggregates.get(String(body['version_id'])) ?? [];
    // Datasets have no logs, and so no such field.
    return 'evaluator_aggregates' in body ? { ...body, evaluator_aggregates: ofVersion } : body;
  });
}
