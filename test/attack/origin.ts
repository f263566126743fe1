import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that an attacker runs. */
export interface TestOrigin {
  readonly url: string;
  /** The most connections that were open at once since it began to answer in this way. */
  readonly mostOpen: () => number;
  /** Answers every request in this way from now on. */
  answer(how: Answering): void;
  close(): void;
}

type Answering = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export async function startOrigin(): Promise<TestOrigin> {
  let answering: Answering = (_, response) => response.end();
  let open = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const text of request.setEncoding('utf8')) body += text;
    response.on('error', () => undefined);
    answering(request, response, body);
  });
  server.on('connection', (socket) => {
    open += 1;
    most = Math.max(most, open);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      open -= 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mostOpen: () => most,
    answer(how) {
      answering = how;
      most = open;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
