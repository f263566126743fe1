import { readJson, send } from '../../api/client.ts';
import { bodyOf, type EditedKind, type Spec, tidy } from '../spec/spec.ts';

/** The text of an `.agent` or `.prompt` file with these fields. @throws ApiError */
export async function writeFileText(spec: Spec): Promise<string> {
  const path = `/v5/${spec.kind}s/serialize?given_defaults=true`;
  const request = new Request(new URL(path, location.origin), post({ [spec.kind]: bodyOf(spec) }));
  return (await send(request)).text();
}

/** The fields that a text says. @throws ApiError that names lines and columns. */
export async function readFileText(kind: EditedKind, text: string): Promise<Spec> {
  const path = `/v5/${kind}s/deserialize?given_defaults=true`;
  return tidy(kind, await readJson<Record<string, unknown>>(path, post({ [kind]: text })));
}

function post(body: unknown): RequestInit {
  return {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  };
}
