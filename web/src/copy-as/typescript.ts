import { hasExactNumbers } from '../json/exact-json.ts';
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
    ...(body ? [`  body: ${bodyText(body)},`] : []),
    '});',
    'const answer = await response.json();',
  ].join('\n');
}

/** Numbers that TypeScript would change stand in a text. */
function bodyText(body: NonNullable<ApiRequest['body']>): string {
  return hasExactNumbers(body)
    ? JSON.stringify(JSON.stringify(body))
    : `JSON.stringify(${literal(body, json, '  ', '  ')})`;
}
