import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./fake-openai.ts', import.meta.url));

/** Runs `use` with the base URL of a fake OpenAI, which runs in its own process. */
export async function withFakeOpenAi<Result>(
  use: (baseUrl: string) => Promise<Result>,
): Promise<Result> {
  const child = fork(program, { env: {} });
  try {
    const [port] = await once(child, 'message');
    return await use(`http://127.0.0.1:${port}/v1`);
  } finally {
    child.disconnect();
  }
}
