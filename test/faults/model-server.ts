import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { chatCompletions } from '../fake/chat-completions.ts';
import { findConversationFlaw, toText, type WireMessage } from './conversation-check.ts';
import {
  type Plan,
  type PlannedTurn,
  type PlanOptions,
  planFor,
  planIn,
  type Trouble,
} from './plan.ts';

/** A request that a model received. */
export interface ModelCall {
  readonly seed: number;
  /** Counts from 1. */
  readonly turn: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The number of the server that sent it. */
  readonly slot: number;
  readonly trouble: Trouble | undefined;
}

/** A server that speaks OpenAI's API, and answers as the plans say. */
export interface ModelServer {
  /** The base URL for a server, which identifies it. */
  url(slot: number): string;
  readonly calls: readonly ModelCall[];
  /** Conversations that follow from no plan. */
  readonly flaws: readonly string[];
  /** Called before each piece of an answer is sent. */
  onPiece: (call: ModelCall, piece: number) => void;
  forget(): void;
  close(): Promise<void>;
}

/** Starts the models of all agents. */
export async function startModelServer(options: PlanOptions): Promise<ModelServer> {
  const calls: ModelCall[] = [];
  const flaws: string[] = [];
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      flaws.push(`the model server failed: ${String(error)}`);
      response.destroy();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const self: ModelServer = {
    url: (slot) => `http://127.0.0.1:${port}/${slot}/v1`,
    calls,
    flaws,
    onPiece: () => undefined,
    forget() {
      calls.length = 0;
      flaws.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await text(request)) as Readonly<Record<string, unknown>>;
    const slot = Number(request.url?.split('/')[1]);
    const messages = body['messages'] as readonly WireMessage[];
    const first = messages.findIndex(({ role }) => role === 'user');
    const known = planIn(toText(messages[first]?.content));
    if (!known) throw new Error('A conversation has no plan.');
    const plan = planFor(known.seed, known.depth, options);
    const said = messages.slice(first + 1);
    const flaw = findConversationFlaw(plan, said, options);
    if (flaw !== undefined) flaws.push(`plan ${plan.seed}: a model was told that ${flaw}`);
    const number = said.filter(({ role }) => role === 'assistant').length + 1;
    const planned = plan.turns[number - 1];
    if (!planned) {
      flaws.push(`plan ${plan.seed}: a model was asked for turn ${number}`);
      return void response.destroy();
    }
    const before = calls.filter(({ seed, turn }) => seed === plan.seed && turn === number).length;
    const trouble = planned.troubles[before];
    const call: ModelCall = { seed: plan.seed, turn: number, at: Date.now(), slot, trouble };
    calls.push(call);
    await say(response, { call, plan, planned, body });
  }

  async function say(response: ServerResponse, { call, plan, planned, body }: Saying) {
    const { trouble } = call;
    if (trouble === 'slow') await sleep(50 + (plan.seed % 400));
    if (trouble === 'lost') return void response.destroy();
    const status = { busy: 429, broken: 500, refused: 400 }[trouble as 'busy'];
    if (status !== undefined) {
      const error = { message: 'This attempt fails.', type: 'fault', code: null };
      return void response.writeHead(status, jsonType).end(JSON.stringify({ error }));
    }
    const toolCalls = planned.calls.map(({ id, tool, arguments: given }) => ({
      id,
      name: tool,
      arguments: given,
    }));
    const said = { text: planned.words, ...(toolCalls.length > 0 ? { toolCalls } : {}) };
    const request = { path: '', headers: {}, body, wholeBytes: 0, isAborted: false };
    if (body['stream'] !== true) {
      self.onPiece(call, 0);
      await sleep(plan.seed % 20);
      if (trouble === 'cut') return void response.destroy();
      const whole = chatCompletions.whole(said, request);
      return void response.writeHead(200, jsonType).end(JSON.stringify(whole));
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const pieces = chatCompletions.events(said, request);
    for (const [index, piece] of pieces.entries()) {
      self.onPiece(call, index);
      if (trouble === 'cut' && index === Math.floor(pieces.length / 2)) {
        await sleep(5);
        return void response.destroy();
      }
      response.write(piece);
      if (index < planned.words.length) await sleep((plan.seed + index) % 7);
    }
    response.end();
  }

  return self;
}

const jsonType = { 'content-type': 'application/json' };

interface Saying {
  readonly call: ModelCall;
  readonly plan: Plan;
  readonly planned: PlannedTurn;
  readonly body: Readonly<Record<string, unknown>>;
}
