import type { FastifyInstance } from 'fastify';

/** The methods of each address, by its pattern: `/v5/agents/:id`. */
export type RouteTable = Map<string, Set<string>>;

/** Enters every route that is added to the app from now on. */
export function enterRoutes(app: FastifyInstance, table: RouteTable): void {
  app.addHook('onRoute', ({ url, method }) => {
    const methods = table.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    table.set(url, methods);
  });
}

/** The methods of the address in a URL, sorted; none where there is no such address. */
export function methodsAt(table: RouteTable, url: string): readonly string[] {
  const path = splitUrl(decoded(url.split('?', 1).join()));
  const fitting = [...table].filter(([pattern]) => fits(splitUrl(pattern), path));
  return [...new Set(fitting.flatMap(([, methods]) => [...methods]))].toSorted();
}

/** As the router reads a path: a slash too many, between segments or at the end, says nothing. */
function splitUrl(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length === path.length &&
    pattern.every((segment, index) => segment.startsWith(':') || segment === path[index])
  );
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
