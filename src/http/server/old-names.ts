import { isDeepStrictEqual } from 'node:util';
import type { RouteOptions } from 'fastify';
import { oldNames } from '../../contract/old-names.ts';
import { invalid } from '../../kernel/errors.ts';

/**
 * Makes a route accept the old names of its fields, if it has any. The handler reads the current
 * names.
 */
export function takeOldNames(route: RouteOptions): void {
  const { properties = {} } = (route.schema?.body ?? {}) as { readonly properties?: object };
  const names = Object.keys(oldNames).filter((name) =>
    hasMember(properties, oldNames[name] as string),
  );
  if (names.length === 0) return;
  route.preHandler = [
    ...[route.preHandler ?? []].flat(),
    async (request) => {
      request.body = withTodaysNames(request.body, names);
    },
  ];
}

/**
 * A checked body with the current names of its fields.
 *
 * @throws `invalid` if a field is given by both names, with different values.
 */
function withTodaysNames(body: unknown, names: readonly string[]): unknown {
  const old = names.filter((name) => hasMember(body, name));
  if (old.length === 0) return body;
  const fields: Record<string, unknown> = { ...(body as object) };
  for (const name of old) {
    const today = oldNames[name] as string;
    const { [name]: value, [today]: beside = null } = fields;
    delete fields[name];
    if (value === null || value === undefined) continue;
    if (beside !== null && !isDeepStrictEqual(value, beside)) {
      throw invalid(
        ['body', name],
        `This is the old name of \`${today}\`, which is also given, with a different value. Give one of the two.`,
      );
    }
    fields[today] = value;
  }
  return fields;
}

function hasMember(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}
