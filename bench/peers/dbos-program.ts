import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { json } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { peersFolder } from './install.ts';

// A program that serves `POST /run` with a durable workflow of three steps. Each step calls the
// fake OpenAI, and the next step sends its answer along.

/** The part of DBOS that is used. It is no dependency of this project, so its types are missing. */
interface Dbos {
  setConfig(config: object): void;
  launch(): Promise<void>;
  registerWorkflow<In, Out>(work: (input: In) => Promise<Out>): (input: In) => Promise<Out>;
  runStep<Out>(step: () => Promise<Out>, config: { readonly name: string }): Promise<Out>;
}

interface Message {
  readonly role: string;
  readonly content: string;
}

const require = createRequire(peersFolder);
const load = async (name: string) => import(pathToFileURL(require.resolve(name)).href);
const { DBOS } = (await load('@dbos-inc/dbos-sdk')) as { readonly DBOS: Dbos };
const { Pool } = (await load('pg')).default;

// biome-ignore lint/style/noProcessEnv: this is a program of its own, told so by its parent
const { OPENAI_BASE_URL, CONNECTION = '{}' } = process.env;

async function model(messages: readonly Message[]): Promise<Message> {
  const response = await fetch(`${OPENAI_BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages }),
  });
  const { choices } = (await response.json()) as { readonly choices: [{ message: Message }] };
  return choices[0].message;
}

const workflow = DBOS.registerWorkflow(async (given: readonly Message[]) => {
  let messages = given;
  for (const name of ['first', 'second', 'third']) {
    messages = [...messages, await DBOS.runStep(() => model(messages), { name })];
  }
  return messages.at(-1);
});

DBOS.setConfig({
  name: 'bench',
  // As many connections as our server uses.
  systemDatabasePool: new Pool({ ...JSON.parse(CONNECTION), max: 16 }),
  logLevel: 'error',
});
await DBOS.launch();

createServer(async (request, response) => {
  if (request.url !== '/run') {
    response.end();
    return;
  }
  const { messages } = (await json(request)) as { readonly messages: readonly Message[] };
  const answer = await workflow(messages);
  response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
}).listen(Number(process.argv[2]), '127.0.0.1');
