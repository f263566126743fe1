import type { FastifyRequest } from 'fastify';
import { type FirstCommand, firstCommands } from '../../first-run/first-commands.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { version } from '../../kernel/version.ts';
import { ownUrl } from '../server/own-url.ts';

/** The content of `/`, as a page or as text. */
export interface Home {
  readonly version: string;
  /** The address at which the reader reached the server: `http://127.0.0.1:5005`. */
  readonly url: string;
  /** Why the server cannot work; undefined if it can. */
  readonly notReady: string | undefined;
  readonly commands: readonly FirstCommand[];
}

export const whatItIs =
  'An open, self-hosted server for AI agents that speaks the Humanloop v5 HTTP API.';
export const whatItDoes =
  'It stores your agents as versioned files, runs them, waits while your own code runs its tools, and logs every step.';

/** Links to other places on this server. */
export const links = [
  {
    path: '/docs',
    name: 'API reference',
    about: 'Every route with examples, to try with your key',
  },
  { path: '/openapi.json', name: 'OpenAPI document', about: 'The same routes, for programs' },
  { path: '/healthz', name: 'Health', about: 'Answers while the server runs' },
  {
    path: '/readyz',
    name: 'Readiness',
    about: 'Answers 200 while the server is ready for requests',
  },
] as const;

/** Pages of the repository. */
export const documents = [
  { file: 'README.md', about: 'Starting, streaming, a real model, settings' },
  { file: 'docs/agents.md', about: 'Versions, tools, continuing, streams' },
  { file: 'docs/runs.md', about: 'What happens when a server dies, rejoining a stream' },
  { file: 'docs/traces.md', about: 'Flows, nested logs, finding logs' },
  { file: 'docs/providers.md', about: 'Models of all vendors, and their keys' },
  { file: 'docs/local-models.md', about: 'Ollama, llama.cpp, vLLM and other servers of yours' },
  { file: 'docs/errors.md', about: 'Every error code' },
] as const;

export async function readHome(
  request: FastifyRequest,
  requireReady: () => Promise<void>,
): Promise<Home> {
  const url = ownUrl(request);
  return {
    version,
    url,
    notReady: await whyNotReady(requireReady),
    commands: firstCommands(url, '$KEY'),
  };
}

async function whyNotReady(requireReady: () => Promise<void>): Promise<string | undefined> {
  try {
    await requireReady();
    return undefined;
  } catch (error) {
    if (error instanceof PlatformError) return error.message;
    throw error;
  }
}
