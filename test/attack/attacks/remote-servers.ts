import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Attack, type Attacker, bodyOf, times } from '../attack.ts';

/** What a server says that only its address was given of: one of MCP tools, one of models. */
export const attacksOfRemoteServers: readonly Attack[] = [
  {
    name: 'an MCP answer with 18,000 pings',
    isShort: true,
    play: (attacker) =>
      callMcp(attacker, (send, id) =>
        send(flood('{"jsonrpc":"2.0","id":"p","method":"ping"}', 18_000, id)),
      ),
  },
  {
    name: 'an MCP answer with 3,000 wishes for samples, four at once',
    play: (attacker) =>
      callMcp(
        attacker,
        (send, id) =>
          send(
            flood(
              '{"jsonrpc":"2.0","id":1,"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}',
              3_000,
              id,
            ),
          ),
        4,
      ),
  },
  {
    name: 'an MCP answer with 14,000 changes of its list',
    play: (attacker) =>
      callMcp(attacker, (send, id) =>
        send(flood('{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}', 14_000, id)),
      ),
  },
  {
    name: 'MCP answers of 400 MB in 400 KB',
    play: (attacker) => {
      const bomb = gzipSync(Buffer.alloc(400_000_000, 32));
      return callMcp(
        attacker,
        (_, __, response) =>
          void response
            .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
            .end(bomb),
        4,
      );
    },
  },
  {
    name: 'MCP answers without an end, eight at once',
    play: (attacker) =>
      callMcp(
        attacker,
        (_, __, response) => pour(response, 'application/json', ' '.repeat(65_536)),
        8,
      ),
  },
  {
    name: 'an MCP stream whose line has no end',
    play: (attacker) =>
      callMcp(attacker, (_, __, response) =>
        pour(response, 'text/event-stream', 'data: x'.repeat(8_000)),
      ),
  },
  {
    name: 'an MCP list that is 300,000 lists deep',
    isShort: true,
    play: (attacker) =>
      callMcp(attacker, (send, id) =>
        send(
          result(
            id,
            `{"tools":[{"name":"t","inputSchema":{"x":${'['.repeat(300_000)}${']'.repeat(300_000)}}}]}`,
          ),
        ),
      ),
  },
  {
    name: 'an MCP list of 9,000 tools of one name',
    play: (attacker) =>
      callMcp(attacker, (send, id) =>
        send(
          result(
            id,
            `{"tools":[${Array(9_000).fill('{"name":"ü","inputSchema":{"type":"object"}}').join()}]}`,
          ),
        ),
      ),
  },
  {
    name: 'MCP lists that always have another page',
    play: (attacker) => {
      let page = 0;
      return callMcp(attacker, (send, id) => {
        page += 1;
        send(
          result(
            id,
            `{"tools":[{"name":"t${page}","inputSchema":{"type":"object"}}],"nextCursor":"c${page}"}`,
          ),
        );
      });
    },
  },
  {
    name: 'a stream of a model that never ends, four at once',
    play: (attacker) =>
      callModel(
        attacker,
        (response) =>
          pour(
            response,
            'text/event-stream',
            `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta: { content: 'x'.repeat(1_000) }, finish_reason: null }] })}\n\n`,
          ),
        4,
      ),
  },
  {
    name: 'an answer of a model of 200 MB',
    play: (attacker) =>
      callModel(attacker, (response) =>
        pour(response, 'application/json', '"'.padEnd(65_536, 'x')),
      ),
  },
];

type Say = (answer: { readonly type: string; readonly text: string }) => void;

/** Calls an agent that has the tools of an MCP server which answers the list of tools in this way. */
async function callMcp(
  { send, origin }: Attacker,
  list: (say: Say, id: string, response: ServerResponse) => void,
  count = 1,
): Promise<void> {
  origin.answer((request, response, body) => {
    const say: Say = ({ type, text }) =>
      void response.writeHead(200, { 'content-type': type }).end(text);
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const { id, method } = JSON.parse(body);
    if (id === undefined) return void response.writeHead(202).end();
    const info =
      '{"protocolVersion":"2025-06-18","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"evil","version":"1"}}';
    if (method === 'initialize') say(result(JSON.stringify(id), info));
    else if (method === 'tools/list') list(say, JSON.stringify(id), response);
    else say(result(JSON.stringify(id), '{"content":[]}'));
  });
  const tools = [{ type: 'mcp', server: { url: `${origin.url}/mcp` } }];
  const script = [{ tool_calls: [{ name: 't', arguments: {} }] }, { content: 'end' }];
  const agent = { provider: 'mock', model: 'm', tools, other: { script } };
  await times(count, () =>
    send('POST', '/v5/agents/call', {
      path: 'a/mcp',
      agent,
      messages: [{ role: 'user', content: 'x' }],
    }),
  );
}

async function callModel(
  { send, origin }: Attacker,
  answer: (response: ServerResponse) => void,
  count = 1,
): Promise<void> {
  origin.answer((_, response) => answer(response));
  const name = `evil-${origin.url.replace(/\D/g, '')}-${count}`;
  bodyOf(await send('POST', '/v5/custom-endpoints', { name, base_url: `${origin.url}/v1` }));
  await times(count, (index) =>
    send('POST', '/v5/prompts/call', {
      path: `a/model${index}`,
      prompt: { provider: name, model: 'm' },
      messages: [{ role: 'user', content: 'x' }],
    }),
  );
}

const result = (id: string, text: string) => ({
  type: 'application/json',
  text: `{"jsonrpc":"2.0","id":${id},"result":${text}}`,
});

/** A stream of events that says something many times before it answers. */
function flood(message: string, count: number, id: string) {
  const answer = result(id, '{"tools":[{"name":"t","inputSchema":{"type":"object"}}]}').text;
  return {
    type: 'text/event-stream',
    text: `${`data: ${message}\n\n`.repeat(count)}data: ${answer}\n\n`,
  };
}

/** Writes a piece again and again, as fast as it is read, until the other side leaves. */
function pour(response: ServerResponse, type: string, piece: string): void {
  response.writeHead(200, { 'content-type': type });
  const go = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', go);
  go();
}
