import { expect, it } from 'vitest';
import { withMembers } from './spec-members.ts';

it('members get new values, and the given spec keeps its own', () => {
  const spec = { model: 'm', tools: [{ type: 'mcp', server: { url: 'u', headers: { a: 'b' } } }] };
  const headers = ['tools', 0, 'server', 'headers'];
  const changed = withMembers(spec, [
    { loc: [...headers, 'a'], value: '***' },
    { loc: [...headers, 'c'], value: 'd' },
  ]);
  expect(changed).toEqual({
    model: 'm',
    tools: [{ type: 'mcp', server: { url: 'u', headers: { a: '***', c: 'd' } } }],
  });
  expect(spec.tools[0]?.server.headers).toEqual({ a: 'b' });
});
