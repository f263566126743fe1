import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';

/** The evaluators that the server can ask for a judgment; others are people and programs. */
export const serverEvaluatorsQuery = queryOptions({
  queryKey: ['files', 'evaluators', 'of the server'],
  queryFn: async ({ signal }) => {
    const query = { size: 100, sort_by: 'updated_at' as const };
    const { data } = await api.GET('/v5/evaluators', { params: { query }, signal });
    return (data?.records ?? []).filter(
      ({ spec: { evaluator_type: type } }) => type === 'python' || type === 'llm',
    );
  },
});
