import { describe, expect, test } from 'vitest';
import type { ModelSpec } from '../../contract/kinds/model.ts';
import { modelRequest, requireEndpoint, vendorFields } from './model-request.ts';

const tools = [{ name: 'f', description: '' }];
const call = { messages: [], tools, toolChoice: 'required', stream: true } as const;

function requestOf(spec: object, more: object = {}) {
  return modelRequest({ model: 'm', ...spec } as ModelSpec, { ...call, ...more });
}

/** What the vendor decides. */
const unset = {
  maxTokens: undefined,
  temperature: undefined,
  topP: undefined,
  stop: undefined,
  presencePenalty: undefined,
  frequencyPenalty: undefined,
  seed: undefined,
  responseFormat: undefined,
  reasoningEffort: undefined,
  logprobs: undefined,
  suffix: undefined,
};

describe('a request to a vendor', () => {
  test('has what the call says, and leaves to the vendor what nobody said', () => {
    const said = { endpoint: 'chat', model: 'm', messages: [], tools, stream: true, other: {} };
    expect(requestOf({})).toEqual({ ...said, ...unset, toolChoice: 'required' });
    const nulls = { max_tokens: null, temperature: null, stop: null, seed: null, top_p: null };
    expect(requestOf({ ...nulls, response_format: null, reasoning_effort: null })).toEqual(
      requestOf({}),
    );
  });

  test('says which tool to choose only where there are tools', () => {
    expect(requestOf({}, { tools: [] }).toolChoice).toBeUndefined();
    expect(requestOf({}, { toolChoice: undefined }).toolChoice).toBeUndefined();
  });

  test('leaves the defaults of the API to the vendor, and has every other value, also 0', () => {
    const defaults = { temperature: 1, top_p: 1, presence_penalty: 0, frequency_penalty: 0 };
    expect(requestOf({ ...defaults, max_tokens: -1 })).toMatchObject(unset);
    const others = { temperature: 0, top_p: 0, presence_penalty: 1, frequency_penalty: -1 };
    expect(requestOf({ ...others, max_tokens: 0, seed: 0, reasoning_effort: 'low' })).toMatchObject(
      {
        temperature: 0,
        topP: 0,
        presencePenalty: 1,
        frequencyPenalty: -1,
        maxTokens: 0,
        seed: 0,
        reasoningEffort: 'low',
      },
    );
  });

  test('has one text to stop at, or several, as a list', () => {
    expect(requestOf({ stop: 'a' }).stop).toEqual(['a']);
    expect(requestOf({ stop: ['a', 'b'] }).stop).toEqual(['a', 'b']);
  });

  test('completes a text only for that endpoint', () => {
    expect(requestOf({ endpoint: 'complete' }, { suffix: 's', logprobs: 2 })).toMatchObject({
      endpoint: 'complete',
      suffix: 's',
      logprobs: 2,
    });
    expect(requestOf({ endpoint: 'edit' }).endpoint).toBe('chat');
  });

  test('has the other fields, but for those that Loopwright reads itself', () => {
    const other = { fallbacks: [{ model: 'x' }], user: 'me' };
    expect(vendorFields({ other } as unknown as ModelSpec)).toEqual({ user: 'me' });
    expect(vendorFields({ other: null })).toEqual({});
  });
});

test('an endpoint that cannot be called is refused, with those that can', () => {
  const refusal = (endpoint: string | undefined, ...callable: ('chat' | 'complete')[]) => {
    try {
      return requireEndpoint({ model: 'm', endpoint } as ModelSpec, callable);
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refusal(undefined, 'chat')).toBeUndefined();
  expect(refusal('complete', 'chat', 'complete')).toBeUndefined();
  expect(refusal('edit', 'chat', 'complete')).toBe(
    'Only versions with endpoint `chat` or `complete` can be called; this one has `edit`.',
  );
  expect(refusal(undefined, 'complete')).toMatch(/this one has `chat`\.$/);
});
