import { randomBytes } from 'node:crypto';

/** What a span says, before a client writes it down. */
interface Said {
  readonly scope?: 'decorator' | 'provider' | 'other';
  readonly attributes: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly start?: number;
  readonly end?: number;
  /** Of 8 bytes; two spans of one id are one span. */
  readonly id?: Buffer;
  readonly error?: string;
}

const traceId = Buffer.from('0af7651916cd43dd8448eb211c80319c', 'hex');
const begun = Date.UTC(2026, 4, 1, 12);

/** A payload of one span as the Python client writes it: Protobuf's JSON, where what is empty is left out. */
export function pythonPayload({ scope = 'decorator', attributes, ...said }: Said) {
  const { start = begun, end = begun + 250, id = randomBytes(8), error } = said;
  return {
    resourceSpans: [
      {
        resource: {
          attributes: [{ key: 'service.name', value: { stringValue: 'humanloop-python-sdk' } }],
        },
        scopeSpans: [
          {
            scope: { name: `humanloop.sdk.${scope}`, version: '0.1.0' },
            spans: [
              {
                traceId: traceId.toString('base64'),
                spanId: id.toString('base64'),
                name: 'humanloop.step',
                kind: 'SPAN_KIND_CLIENT',
                startTimeUnixNano: `${start}000000`,
                endTimeUnixNano: `${end}000000`,
                attributes: written(attributes),
                ...(error && { status: { message: error, code: 'STATUS_CODE_ERROR' } }),
              },
            ],
          },
        ],
      },
    ],
  };
}

/** A payload of one span as the Node client writes it: by hand, and whole. */
export function nodePayload({ scope = 'decorator', attributes, ...said }: Said) {
  const { start = begun, end = begun + 250, id = randomBytes(8) } = said;
  return {
    resourceSpans: [
      {
        scopeSpans: [
          {
            scope: { name: `humanloop.sdk.${scope}` },
            spans: [
              {
                traceId: traceId.toString('hex'),
                spanId: id.toString('hex'),
                traceState: '',
                name: 'humanloop.step',
                kind: 0,
                startTimeUnixNano: start * 1e6,
                endTimeUnixNano: end * 1e6,
                attributes: written(attributes),
                droppedAttributesCount: 0,
                events: [],
                links: [],
                droppedEventsCount: 0,
                droppedLinksCount: 0,
              },
            ],
          },
        ],
      },
    ],
  };
}

/** The attributes of a tool called `add`, and what came of a call of it. */
export function addSpan(log: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    'humanloop.file.path': 'Sums/add',
    'humanloop.file.type': 'tool',
    'humanloop.file.source_code': 'def add(a: int, b: int) -> int:\n    return a + b\n',
    'humanloop.file.function.name': 'add',
    'humanloop.file.function.description': 'Adds two numbers.',
    'humanloop.file.function.strict': 'True',
    'humanloop.file.function.parameters.type': 'object',
    'humanloop.file.function.parameters.properties.a.type': 'integer',
    'humanloop.file.function.parameters.properties.b.type': 'integer',
    'humanloop.file.function.parameters.required': "('a', 'b')",
    'humanloop.file.function.parameters.additionalProperties': 'False',
    'humanloop.log.inputs.a': '2',
    'humanloop.log.inputs.b': '2',
    'humanloop.log.output': '4',
    ...log,
  };
}

/** The attributes of a model call inside of a decorated prompt. */
export function askSpan(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    'humanloop.file.path': 'Sums/ask',
    'humanloop.file.type': 'prompt',
    'llm.request.type': 'chat',
    'gen_ai.system': 'OpenAI',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.request.temperature': '0.5',
    'gen_ai.request.max_tokens': '64',
    'gen_ai.prompt.0.role': 'user',
    'gen_ai.prompt.0.content': 'What is two and two?',
    'gen_ai.completion.0.role': 'assistant',
    'gen_ai.completion.0.content': 'Four.',
    'gen_ai.completion.0.finish_reason': 'stop',
    'gen_ai.usage.prompt_tokens': '12',
    'gen_ai.usage.completion_tokens': '3',
    ...more,
  };
}

/** Clients flatten an object from its last member to its first. */
function written(attributes: Readonly<Record<string, string>>) {
  return Object.entries(attributes)
    .toReversed()
    .map(([key, stringValue]) => ({ key, value: { stringValue } }));
}
