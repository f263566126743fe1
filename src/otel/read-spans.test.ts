import { expect, test } from 'vitest';
import { nodePayload, pythonPayload } from '../../test/support/otel-payloads.ts';
import type { OtelSpan } from '../contract/otel-traces.ts';
import { readSpan, spansIn } from './read-spans.ts';

const id = Buffer.from('b7ad6b7169203331', 'hex');

function spanWith(fields: Partial<OtelSpan>) {
  return readSpan({ scope: '', place: [], span: { traceId: 't', spanId: 's', ...fields } });
}

test('the spans of either client say when they began and ended', () => {
  const start = Date.UTC(2026, 4, 1, 12, 0, 0, 5);
  for (const payload of [pythonPayload, nodePayload]) {
    const [raw] = spansIn(payload({ attributes: { 'a.b': 'c' }, start, end: start + 1_000 }));
    expect(raw && readSpan(raw)).toMatchObject({
      scope: 'humanloop.sdk.decorator',
      startTime: '2026-05-01T12:00:00.005000Z',
      endTime: '2026-05-01T12:00:01.005000Z',
      error: null,
      attributes: { a: { b: 'c' } },
    });
  }
});

test('times are kept to the microsecond', () => {
  expect(spanWith({ startTimeUnixNano: '1777636800123456789' }).startTime).toBe(
    '2026-05-01T12:00:00.123456Z',
  );
});

test('a time of 0, or none, is not known', () => {
  expect(spanWith({ startTimeUnixNano: '0', endTimeUnixNano: 0 })).toMatchObject({
    startTime: null,
    endTime: null,
  });
  expect(spanWith({ startTimeUnixNano: null }).startTime).toBeNull();
});

test('a span ends no sooner than it begins, whatever the clock of the client did', () => {
  const span = spanWith({ startTimeUnixNano: '2000000000', endTimeUnixNano: '1000000000' });
  expect(span.endTime).toBe(span.startTime);
});

test('the latest time that fits is still a date', () => {
  expect(spanWith({ endTimeUnixNano: '9999999999999999999' }).endTime).toMatch(/^2286-11-20T/);
});

test('the log of a span has one id, whenever the span comes', () => {
  const [first, again, other] = [id, id, Buffer.alloc(8, 1)].map((id) => {
    const [raw] = spansIn(pythonPayload({ attributes: {}, id }));
    return raw && readSpan(raw).logId;
  });
  expect(first).toMatch(/^log_[0-9a-hjkmnp-tv-z]{26}$/);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('a span that failed says what went wrong, with its code as a name or as a number', () => {
  expect(spanWith({ status: { code: 'STATUS_CODE_ERROR', message: 'No.' } }).error).toBe('No.');
  expect(spanWith({ status: { code: 2 } }).error).toBe('The call failed.');
  expect(spanWith({ status: { code: 'STATUS_CODE_OK', message: 'Yes.' } }).error).toBeNull();
  expect(spanWith({ status: {} }).error).toBeNull();
});

test('values that are no texts are read as texts; those without a value are left out', () => {
  const { attributes } = spanWith({
    attributes: [
      { key: 'number', value: { doubleValue: 0.5 } },
      { key: 'count', value: { intValue: '7' } },
      { key: 'is', value: { boolValue: false } },
      { key: 'empty', value: { stringValue: '' } },
      { key: 'none', value: {} },
      { key: 'nothing' },
    ],
  });
  expect(attributes).toEqual({ number: '0.5', count: '7', is: 'false', empty: '' });
});

test('spans of all resources and scopes are read, and know their places', () => {
  const span = { traceId: 't', spanId: 's' };
  const spans = spansIn({
    resourceSpans: [
      {},
      { scopeSpans: [{ spans: null }, { scope: { name: 'x' }, spans: [span, span] }] },
      { scopeSpans: [{ spans: [span] }] },
    ],
  });
  expect(spans.map(({ scope, place }) => `${scope} ${place.join('/')}`)).toEqual([
    'x resourceSpans/1/scopeSpans/1/spans/0',
    'x resourceSpans/1/scopeSpans/1/spans/1',
    ' resourceSpans/2/scopeSpans/0/spans/0',
  ]);
  expect(spansIn({})).toEqual([]);
});
