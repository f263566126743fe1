import { type Attack, times } from '../attack.ts';

/** What can be done without a key, or with a wrong one. */
export const attacksAtTheDoor: readonly Attack[] = [
  {
    name: '3,000 wrong keys, 100 at once',
    isShort: true,
    play: ({ send }) =>
      rounds(30, 100, (index) =>
        send('GET', '/v5/agents', undefined, { 'x-api-key': `lw_sk_wrong${index}` }),
      ),
  },
  {
    name: '600 descriptions of the API, 100 at once',
    play: ({ send }) => rounds(6, 100, () => send('GET', '/openapi.json')),
  },
  {
    name: '3,000 looks at its readiness, 100 at once',
    play: ({ send }) => rounds(30, 100, () => send('GET', '/readyz')),
  },
  {
    name: '400 connections that begin a request and wait',
    play: ({ write, signal }) =>
      Promise.race([
        times(400, () => write('POST /v5/agents/call HTTP/1.1\r\nHost: a\r\nX-A: ')),
        new Promise((resolve) => signal.addEventListener('abort', resolve)),
        new Promise((resolve) => setTimeout(resolve, 5_000)),
      ]),
  },
  {
    name: 'requests that two servers would read in two ways',
    async play({ write }) {
      for (const head of [
        'Host: a\r\nHost: b\r\nConnection: close',
        'Host: a\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close',
        'Host: a\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\nConnection: close',
        'Host: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\nConnection: close',
      ]) {
        const said = await write(`POST /v5/agents/call HTTP/1.1\r\n${head}\r\n\r\n{}`);
        if (!/^HTTP\/1\.1 4\d\d /.test(said)) throw new Error(`${head} was let in: ${said}`);
      }
    },
  },
];

async function rounds(count: number, size: number, act: (index: number) => Promise<unknown>) {
  for (let round = 0; round < count; round += 1) {
    await times(size, (index) => act(round * size + index));
  }
}
