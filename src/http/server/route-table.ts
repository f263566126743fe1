import type { FastifyInstance } from 'fastify';

/** The methods of each route, by its pattern: `/v5/agents/:id`. */
export type RouteTable = Map<string, Set<string>>;

/** Collects all routes that are added to the app from now on. */
export function enterRoutes(app: FastifyInstance, table: RouteTable): void {
  app.addHook('onRoute', ({ url, method }) => {
    const methods = table.get(url) ?? new Set();
    for (const name of [method].flat()) methods.add(name);
    table.set(url, methods);
  });
}

/** The methods of the route that fits a URL, sorted; empty if none fits. */
export function methodsAt(table: RouteTable, url: string): readonly string[] {
  const path = splitUrl(decoded(url.split('?', 1).join()));
  const fitting = [...table].filter(([pattern]) => fits(splitUrl(pattern), path));
  return [...new Set(fitting.flatMap(([, methods]) => [...methods]))].toSorted();
}

/** The segments of a path. As in the router, empty segments do not count. */
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
