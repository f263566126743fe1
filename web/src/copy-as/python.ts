import { type ApiRequest, urlOf } from './api-request.ts';
import { literal, python } from './literal.ts';

/** A request as Python: with v5's client where that has a method for it, or else with httpx, which it brings. */
export function asPython(request: ApiRequest, origin: string): string {
  return request.python ? withClient(request, request.python, origin) : withHttpx(request, origin);
}

function withClient(
  { body = {} }: ApiRequest,
  { method, first = [] }: NonNullable<ApiRequest['python']>,
  origin: string,
): string {
  return [
    'import os',
    'from humanloop import Humanloop',
    '',
    'humanloop = Humanloop(',
    '    api_key=os.environ["API_KEY"],',
    `    base_url=${pythonOf(`${origin}/v5`)},`,
    ')',
    `answer = humanloop.${method}(`,
    ...first.map((value) => `    ${pythonOf(value)},`),
    ...Object.entries(body).map(([name, value]) => `    ${name}=${pythonOf(value)},`),
    ')',
  ].join('\n');
}

function withHttpx(request: ApiRequest, origin: string): string {
  const { method, body } = request;
  return [
    'import os',
    'import httpx',
    '',
    'response = httpx.request(',
    `    "${method}",`,
    `    ${pythonOf(urlOf(request, origin))},`,
    '    headers={"X-API-KEY": os.environ["API_KEY"]},',
    ...(body ? [`    json=${pythonOf(body)},`] : []),
    '    timeout=None,',
    ')',
    'answer = response.json()',
  ].join('\n');
}

function pythonOf(value: unknown): string {
  return literal(value, python, '    ', '    ');
}
