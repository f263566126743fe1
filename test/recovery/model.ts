import { afterAll } from 'vitest';
import type { FakeStep } from '../fake/answer.ts';
import { lookup } from '../support/agents.ts';
import { startFakeProvider } from '../support/fake-provider.ts';

/** What a model answers; a promise: when that is known. */
type TestStep = FakeStep | Promise<FakeStep>;

/** A model that servers reach over the network, so that it sees what each of them asks. */
export interface TestModel {
  /** Settings of a server that asks it. */
  readonly env: Readonly<Record<string, string>>;
  /** Answers the model calls of all conversations, the first with the first step, until said anew. */
  play(steps: readonly TestStep[]): void;
  /** Plays the steps, but what comes of the first call of one of them is up to `first`. */
  playFirst(turn: number, first: () => TestStep, steps: readonly TestStep[]): void;
  /** Which turn was asked for, from 0, by each call of the conversation that begins with a text. */
  asked(text: string): readonly number[];
  /** The bodies of those calls. */
  bodies(text: string): readonly object[];
}

interface Said {
  readonly role: string;
  readonly content: unknown;
}

export async function testModel(): Promise<TestModel> {
  const fake = await startFakeProvider();
  afterAll(() => fake.close());
  const saidIn = (body: Readonly<Record<string, unknown>>) => body['messages'] as readonly Said[];
  const turnOf = (body: Readonly<Record<string, unknown>>) =>
    saidIn(body).filter(({ role }) => role === 'assistant').length;
  const bodies = (text: string) =>
    fake.requests.map(({ body }) => body).filter((body) => saidIn(body)[0]?.content === text);
  const stepOf = (steps: readonly TestStep[], turn: number): TestStep =>
    steps[turn] ?? { status: 400, body: { error: { message: 'No such turn.' } } };
  return {
    env: { OPENAI_API_KEY: 'none', OPENAI_BASE_URL: `${fake.url}/v1` },
    play(steps) {
      fake.respond(({ body }) => stepOf(steps, turnOf(body)));
    },
    playFirst(turn, first, steps) {
      let isFirst = true;
      fake.respond(({ body }) => {
        if (turnOf(body) !== turn || !isFirst) return stepOf(steps, turnOf(body));
        isFirst = false;
        return first();
      });
    },
    asked: (text) => bodies(text).map(turnOf),
    bodies,
  };
}

/** An agent that asks such a model. */
export const onTestModel = (more: Record<string, unknown> = {}) => ({
  provider: 'openai',
  model: 'gpt-4o',
  tools: [lookup],
  ...more,
});

export const say = (text: string) => [{ role: 'user', content: text }];

/** Never answers: not even with a status. */
export const silence: FakeStep = { isSilent: true, text: '' };
