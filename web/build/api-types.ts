import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import { type AppParts, createApp } from '../../src/http/app.ts';
import { apiDocument } from '../../src/http/document/api-document.ts';

// Writes the types of our own API for the web UI, from the document that we publish: so a page that
// misreads an answer does not compile, and the document is proved by its first user.

const target = fileURLToPath(new URL('../src/api/schema.gen.ts', import.meta.url));
const document = apiDocument((await unconnectedApp()).swagger());
// As text: the document shares parts of itself, which the generator would take for one.
writeFileSync(target, astToString(await openapiTS(JSON.stringify(document))));

/** The routes of the server, with nothing behind them: none is called. */
async function unconnectedApp() {
  const nothing: object = new Proxy(() => undefined, {
    get: (_, name) => (typeof name === 'symbol' ? undefined : nothing),
  });
  const app = await createApp({
    ...(nothing as AppParts),
    runtime: nothing as AppParts['runtime'],
    signIn: nothing as AppParts['signIn'],
    logger: { writes: () => false } as unknown as AppParts['logger'],
    publicUrl: undefined,
    rules: { runKeysCreateFiles: false, openApiIsOpen: true },
    bodyValues: 0,
    doorLimits: { perAddress: 0, perKey: 0, trustedProxies: [] },
  });
  await app.ready();
  return app;
}
