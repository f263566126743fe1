import { type ApiRequest, urlOf } from './api-request.ts';
import { json, literal } from './literal.ts';

/** A request as TypeScript. It needs no package: v5's client on npm is older than agents. */
export function asTypeScript(request: ApiRequest, origin: string): string {
  const { method, body } = request;
  return [
    `const response = await fetch(${JSON.stringify(urlOf(request, origin))}, {`,
    ...(method === 'GET' ? [] : [`  method: '${method}',`]),
    '  headers: {',
    `    'X-API-KEY': process.env.API_KEY ?? '',`,
    ...(body ? [`    'Content-Type': 'application/json',`] : []),
    '  },',
    ...(body ? [`  body: JSON.stringify(${literal(body, json, '  ', '  ')}),`] : []),
    '});',
    'const answer = await response.json();',
  ].join('\n');
}
