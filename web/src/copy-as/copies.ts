import type { ApiRequest, RequestText } from './api-request.ts';
import { asCurl } from './curl.ts';
import { asPython } from './python.ts';
import { asTypeScript } from './typescript.ts';

/** A request in each of the ways in which people send one. */
export function copiesOf(request: ApiRequest, origin: string): readonly RequestText[] {
  return [
    { name: 'cURL', text: asCurl(request, origin) },
    { name: 'TypeScript', text: asTypeScript(request, origin) },
    { name: 'Python', text: asPython(request, origin) },
  ];
}
