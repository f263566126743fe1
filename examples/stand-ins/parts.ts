/** A request to OpenAI, as far as it matters here. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
  readonly tools?: readonly unknown[];
  readonly stream?: boolean;
}

/** The answer of the model: a text, or calls of tools, each with its arguments. */
export interface Said {
  readonly text?: string;
  readonly calls?: readonly (readonly [name: string, input: object])[];
}

/** The lines of the support agent's model: its n-th line, given the last message. */
const supportAgent: readonly ((last: string) => Said)[] = [
  (message) => ({
    calls: [
      ['classifier', { message }],
      ['get_weather', { city: 'Chicago' }],
    ],
  }),
  () => ({ calls: [['calculator', { expression: '3 * 24.90 * 0.10' }]] }),
  (amount) => ({
    calls: [['approve_refund', { amount: Number(amount), reason: 'Late: light rain in Chicago.' }]],
  }),
  (decision) => ({
    text: `I am sorry that your order is late: it is raining in Chicago. Your refund: ${decision}.`,
  }),
];

/**
 * The next answer, which depends on the request alone. A request without tools comes from the
 * classifier, or asks for a poem.
 */
export function nextAnswer({ messages, tools }: ChatRequest): Said {
  const last = String(messages.at(-1)?.content);
  const turn = messages.filter(({ role }) => role === 'assistant').length;
  if (tools) return supportAgent[turn]?.(last) ?? { text: 'That is all I know by heart.' };
  if (JSON.stringify(messages).includes('late_delivery')) return { text: 'late_delivery' };
  return { text: 'Rows keep their places,\neach one answers to its key:\nthe table is set.' };
}
