import { expect } from 'vitest';
import type { Server } from '../support/server.ts';

/** A tool that the client runs. */
export const inline = (name: string, properties: Record<string, unknown>) => ({
  type: 'inline',
  json_schema: {
    name,
    description: `${name}.`,
    parameters: { type: 'object', properties, required: Object.keys(properties) },
  },
});

/** A prompt that answers after some time. */
const prompt = (answer: string, delayMs: number) => ({
  provider: 'mock',
  model: 'small',
  template: [{ role: 'system', content: 'Answer in JSON.' }],
  other: { script: [{ content: answer, delay_ms: delayMs }] },
});

/** The agent of a bank: it looks up an account, checks for fraud, and then waits for its client. */
export async function makeBank(server: Server): Promise<void> {
  const make = async (kind: string, body: unknown): Promise<string> => {
    const { status, body: file } = await server.post(`/v5/${kind}`, body);
    expect({ status, file }).toMatchObject({ status: 200 });
    return file.id;
  };
  const link = (file_id: string) => ({ type: 'file', link: { file_id } });
  const account = await make('prompts', {
    path: 'Banking/lookup_account',
    ...prompt('{"account": "acc_8841", "type": "checking"}', 180),
  });
  const balance = await make('prompts', {
    path: 'Banking/get_balance',
    ...prompt('{"available": 4210.55, "currency": "EUR"}', 400),
  });
  const risk = await make('prompts', {
    path: 'Banking/Risk Classifier',
    ...prompt('{"risk": 0.07}', 300),
  });
  const fraud = await make('agents', {
    path: 'Banking/Fraud Check',
    provider: 'mock',
    model: 'small',
    tools: [link(risk)],
    other: {
      script: [
        { tool_calls: [{ name: 'risk_classifier', arguments: {} }], delay_ms: 120 },
        { content: 'Clean, risk 0.07.', delay_ms: 80 },
      ],
    },
  });
  await make('agents', {
    path: 'Banking/Payments Agent',
    provider: 'mock',
    model: 'teller-large',
    tools: [
      link(account),
      link(balance),
      link(fraud),
      inline('transfer_funds', {
        from: { type: 'string' },
        to: { type: 'string' },
        amount: { type: 'number' },
        currency: { type: 'string' },
        memo: { type: 'string' },
      }),
    ],
    other: { script: paymentScript },
  });
}

const paymentScript = [
  {
    reasoning:
      'The customer wants to pay the rent to Hana, as every month. I need the account and its balance before I move any money.',
    content: "I'll look up your checking account and its balance before moving any money.",
    tool_calls: [
      { name: 'lookup_account', arguments: { kind: 'checking' } },
      { name: 'get_balance', arguments: { account: 'acc_8841' } },
    ],
    delay_ms: 350,
    word_delay_ms: 12,
  },
  {
    content:
      "Your checking account **acc_8841** has **€4,210.55** available, so the rent fits. I'll run the usual fraud check on a transfer of €1,250.00 to *acc_3307*.",
    tool_calls: [{ name: 'fraud_check', arguments: { amount: 1250, to: 'acc_3307' } }],
    delay_ms: 250,
    word_delay_ms: 12,
  },
  {
    content:
      "The check came back clean (risk 0.07). I'm ready to send **€1,250.00** to Hana Lindqvist with the memo “November rent”. The transfer runs in your own banking system, so I need its result to go on.",
    tool_calls: [
      {
        name: 'transfer_funds',
        arguments: {
          from: 'acc_8841',
          to: 'acc_3307',
          amount: 1250,
          currency: 'EUR',
          memo: 'November rent',
        },
      },
    ],
    delay_ms: 300,
    word_delay_ms: 10,
  },
  { content: 'It is sent. The reference is **TRX-90817**.', word_delay_ms: 20 },
];

export const rent = {
  role: 'user',
  content: "Please send this month's rent, 1,250 euros, to Hana. Same account as always.",
};

/** Asks the agent of the bank, and waits until it rests. */
export async function payRent(server: Server, logId: string): Promise<void> {
  const { status, body } = await server.post('/v5/agents/call', {
    path: 'Banking/Payments Agent',
    messages: [rent],
    log_id: logId,
    environment: 'production',
    user: 'usr_204',
  });
  expect({ status, body }).toMatchObject({ status: 200, body: { log_status: 'incomplete' } });
}

/** Calls an agent that plays a script, and waits until it rests. */
export async function play(
  server: Server,
  logId: string,
  script: readonly unknown[],
  { tools = [] as readonly unknown[], message = 'Please go on.', ...more } = {},
): Promise<void> {
  const { body } = await server.post('/v5/agents/call', {
    path: `Plays/${logId}`,
    agent: { provider: 'mock', model: 'mock', tools, other: { script } },
    messages: [{ role: 'user', content: message }],
    log_id: logId,
    ...more,
  });
  expect(body).toBeDefined();
}
