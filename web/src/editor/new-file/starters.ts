import type { EditedKind } from '../spec/spec.ts';

/** What a new agent or prompt begins with. */
export interface Starter {
  readonly key: string;
  readonly name: string;
  readonly about: string;
  /** Fields of its first version, besides the model. */
  readonly fields: Readonly<Record<string, unknown>>;
}

const empty: Starter = {
  key: 'empty',
  name: 'Empty',
  about: 'A model without instructions.',
  fields: { template: [{ role: 'system', content: '' }] },
};

/** The starters of each kind, the empty one first. */
export const startersOf: Readonly<Record<EditedKind, readonly Starter[]>> = {
  agent: [
    empty,
    {
      key: 'support',
      name: 'Support agent',
      about: 'Answers customers, and hands over to a person with a call that waits.',
      fields: {
        template: [
          {
            role: 'system',
            content:
              'You answer customers of {{company}}. Be brief and friendly. If you do not know, or the customer is upset, call `hand_over` with a summary.',
          },
        ],
        tools: [
          {
            type: 'inline',
            json_schema: {
              name: 'hand_over',
              description: 'Hands the conversation over to a person, who answers what comes of it.',
              parameters: {
                type: 'object',
                properties: { summary: { type: 'string', description: 'What it is about' } },
                required: ['summary'],
              },
            },
          },
        ],
      },
    },
    {
      key: 'extractor',
      name: 'Extractor',
      about: 'Reads a text, and ends with its facts as the arguments of a call.',
      fields: {
        template: [
          {
            role: 'system',
            content: 'Read what the user sends, and call `done` with its facts as JSON.',
          },
        ],
        tools: [
          {
            type: 'inline',
            on_agent_call: 'stop',
            json_schema: {
              name: 'done',
              description: 'Ends the work.',
              parameters: {
                type: 'object',
                properties: { output: { type: 'string', description: 'The facts, as JSON' } },
                required: ['output'],
              },
            },
          },
        ],
      },
    },
  ],
  prompt: [
    empty,
    {
      key: 'summary',
      name: 'Summary',
      about: 'Says a text in fewer words.',
      fields: {
        template: [
          { role: 'system', content: 'Summarise the text in {{sentences}} sentences.' },
          { role: 'user', content: '{{text}}' },
        ],
      },
    },
    {
      key: 'classifier',
      name: 'Classifier',
      about: 'Chooses one of several labels.',
      fields: {
        temperature: 0,
        template: [
          {
            role: 'system',
            content: 'Answer with one of these labels, and with nothing else: {{labels}}.',
          },
          { role: 'user', content: '{{text}}' },
        ],
      },
    },
  ],
};
