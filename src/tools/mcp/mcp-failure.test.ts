import { ProtocolError } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';
import { isSessionGone } from './mcp-failure.ts';

test.each([
  [-32_001, 'Session not found'],
  [-32_000, 'Bad Request: No valid session ID provided'],
  [-32_000, 'Your session has expired.'],
  [-32_600, 'Session 4f1c does not exist'],
  [-32_001, 'Bad Request: Mcp-Session-Id header is required'],
  [-32_001, 'Unknown session'],
])('the error %i "%s" tells of a session that is gone', (code, message) => {
  expect(isSessionGone(new ProtocolError(code, message))).toBe(true);
});

test.each([
  [-32_603, 'Session not found'],
  [-32_000, 'The tool could not open a session with the database'],
  [-32_000, 'Checkout session cs_1 has expired'],
])('the error %i "%s" may be one of the tool, whose call is not repeated', (code, message) => {
  expect(isSessionGone(new ProtocolError(code, message))).toBe(false);
});
