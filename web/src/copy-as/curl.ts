import { type ApiRequest, urlOf } from './api-request.ts';
import { json, literal } from './literal.ts';

/** A request as a command of a shell; the key is in the variable `API_KEY`. */
export function asCurl(request: ApiRequest, origin: string): string {
  const { method, body } = request;
  const isUsual = method === (body ? 'POST' : 'GET');
  return [
    `curl ${isUsual ? '' : `-X ${method} `}${quoted(urlOf(request, origin))}`,
    `  -H "X-API-KEY: $API_KEY"`,
    ...(body
      ? [`  -H 'Content-Type: application/json'`, `  -d ${quoted(literal(body, json, '  '))}`]
      : []),
  ].join(' \\\n');
}

/** A word of a POSIX shell that means exactly this text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
