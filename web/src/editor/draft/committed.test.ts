import { expect, test } from 'vitest';
import type { FileResponse } from '../../api/types.ts';
import { newsSince } from './committed.ts';

const version = (version_id: string, more: object = {}) =>
  ({ version_id, environments: [], ...more }) as unknown as FileResponse;

test('what somebody named, described or deployed since a draft was begun is news', () => {
  const draft = { base: 'v1', known: ['v1'], ran: ['v2'] };
  const news = (...versions: readonly FileResponse[]) => newsSince(versions, draft)?.version_id;
  expect(news(version('v3', { version_name: 'polite' }), version('v1'))).toBe('v3');
  expect(news(version('v3', { version_description: 'Model changed' }))).toBe('v3');
  expect(news(version('v3', { environments: [{ name: 'staging' }] }))).toBe('v3');
});

test('versions that calls made are no news, nor those of runs of the draft', () => {
  const draft = { base: 'v1', known: ['v1'], ran: ['v2'] };
  expect(
    newsSince([version('v3'), version('v2', { version_name: 'mine' })], draft),
  ).toBeUndefined();
});

test('before it is known what was committed, nothing is news', () => {
  const draft = { base: 'v1', ran: [] };
  expect(newsSince([version('v3', { version_name: 'polite' })], draft)).toBeUndefined();
});
