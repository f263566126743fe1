import { describe, expect, test } from 'vitest';
import { errorMessage, isError, kindForError } from './vendor-error.ts';

const reason = 'There is no model of that name.';

test.each([
  ['a text', reason],
  ['OpenAI', { error: { message: reason, type: 'invalid_request_error' } }],
  ['Anthropic', { type: 'error', error: { type: 'not_found_error', message: reason } }],
  ['an array, as of Gemini', [{ error: { code: 404, message: reason, status: 'NOT_FOUND' } }]],
  ['an error that is a text, as of Ollama', { error: reason }],
  ['an error code with a description', { error: 'invalid_model', error_description: reason }],
  ['a title with a message', { error: 'Not Found', message: reason, status: 404 }],
  ['a list of faults, as of FastAPI', { detail: [{ loc: ['body', 'model'], msg: reason }] }],
  ['a detail that is an object', { detail: { error: { message: reason } } }],
  ['msg, as of Zhipu', { code: 1211, msg: reason }],
  ['Message, as of gateways of Amazon', { Message: reason }],
  ['RFC 9457', { type: 'about:blank', title: 'Not Found', status: 404, detail: reason }],
  ['a list of errors', { errors: [{ code: 'model', message: reason }] }],
  ['a list of texts', { errors: [reason] }],
  ['base_resp, as of MiniMax', { base_resp: { status_code: 2013, status_msg: reason } }],
  ['a fault, as of Apigee', { fault: { faultstring: reason, detail: { errorcode: 'x' } } }],
  ['JSON in a text', { error: { message: JSON.stringify({ error: { message: reason } }) } }],
  ['an event of a stream', `event: error\ndata: {"error":{"message":"${reason}"}}\n\n`],
  ['text after a byte order mark', `\uFEFF{"error":{"message":"${reason}"}}`],
  ['an error in an error', { error: { error: { message: reason } } }],
])('the reason is read from %s', (_, body) => {
  expect(errorMessage(body)).toBe(reason);
});

test('what a gateway says is told with what its provider said', () => {
  const raw = JSON.stringify({ error: { message: reason } });
  expect(errorMessage({ error: { message: 'Provider returned error', metadata: { raw } } })).toBe(
    `Provider returned error: ${reason}`,
  );
});

test('several faults are told together, a web page is not quoted, and nothing is no reason', () => {
  expect(errorMessage({ detail: [{ msg: 'one' }, { msg: 'two' }, { msg: 'one' }] })).toBe(
    'one; two',
  );
  expect(errorMessage('<html>Bad gateway</html>')).toBe('a web page');
  for (const body of [undefined, null, '', {}, [], { error: {} }, { error: { code: 3 } }]) {
    expect(errorMessage(body)).toBeUndefined();
  }
});

test('an error so deep that nobody packs it so is not looked for', () => {
  let body: unknown = { message: reason };
  for (let n = 0; n < 10_000; n++) body = { error: body };
  expect(errorMessage(body)).toBeUndefined();
  expect(kindForError(body)).toBe('unavailable');
});

describe('with a success status', () => {
  test.each([
    [{ error: 'It broke.' }],
    [{ error: { code: 502 }, choices: [{ delta: { content: '' } }] }],
    [{ error: { message: 'It broke.' }, choices: [] }],
    [{ object: 'error', message: 'It broke.', code: 400 }],
    [{ type: 'error', message: 'It broke.' }],
    [{ base_resp: { status_code: 1008, status_msg: 'It broke.' }, choices: null }],
    [{ code: 1211, msg: 'It broke.' }],
    [{ success: false, message: 'It broke.' }],
    [{ detail: 'It broke.' }],
    [{ error_code: 17, error_msg: 'It broke.' }],
    [{ error: true, message: 'It broke.' }],
    [[{ error: { message: 'It broke.' } }]],
  ])('this is an error: %j', (body) => {
    expect(isError(body)).toBe(true);
  });

  test.each([
    [{ error: null, choices: [] }],
    [{ error: {}, choices: [] }],
    [{ error: '', choices: [] }],
    [{ error: { code: 0, message: '' }, choices: [] }],
    [{ base_resp: { status_code: 0, status_msg: '' }, choices: [] }],
    [{ type: 'ping' }],
    [{ message: 'Processing' }],
    [{ code: 0, msg: 'success', data: 1 }],
    [{ choices: [{ message: { content: 'detail' } }], detail: 'more' }],
    [null],
    ['error'],
    [[]],
  ])('this is none: %j', (body) => {
    expect(isError(body)).toBe(false);
  });
});

test.each([
  [{ error: { code: 429 } }, 'rate_limited'],
  [{ error: { code: '503', type: 'invalid_request_error' } }, 'unavailable'],
  [{ object: 'error', type: 'BadRequestError', code: 400 }, 'rejected'],
  [{ object: 'error', type: 'NotFoundError', code: null }, 'rejected'],
  [{ error: { status: 'RESOURCE_EXHAUSTED' } }, 'rate_limited'],
  [{ error: { status: 'UNAUTHENTICATED' } }, 'unauthorized'],
  [{ error: { status: 'INVALID_ARGUMENT' } }, 'rejected'],
  [{ errors: [{ code: 'rate_limit_exceeded' }] }, 'rate_limited'],
  [{ base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'rejected'],
  [{ error: 'model "llama" not found, try pulling it first' }, 'rejected'],
  [{ error: 'Too many requests' }, 'rate_limited'],
  [{ error: 'Incorrect API key provided' }, 'unauthorized'],
  [{ error: 'overloaded, try again' }, 'unavailable'],
  [{ error: {} }, 'unavailable'],
] as const)('%j is of kind %s', (body, kind) => {
  expect(kindForError(body)).toBe(kind);
});

test.each([
  [{ __type: 'ThrottlingException', message: 'Slow down.' }, 'rate_limited'],
  [{ header: { code: 10013, message: 'Slow down.', status: 2 } }, 'unavailable'],
])('an error may be marked as clouds mark theirs: %j', (body, kind) => {
  expect(isError(body)).toBe(true);
  expect(errorMessage(body)).toBe('Slow down.');
  expect(kindForError(body)).toBe(kind);
});

test('a header without a code is no error', () => {
  expect(isError({ header: { code: 0, message: 'Success' } })).toBe(false);
});
