import { expect, it } from 'vitest';
import type { Workspace } from '../../database/workspace.ts';
import { secretBox } from '../../kernel/secret-box.ts';
import { agentKind } from '../kinds/agent.ts';
import { openHeaders, type StoredMcpTool } from './mcp-headers.ts';
import { withSealedHeaders } from './seal-headers.ts';

const secrets = secretBox(Buffer.alloc(32, 1));
const url = 'https://example.com/mcp';

/** A workspace without a database: sealing a plain value needs no query. */
const workspaceOf = (organizationId: string) => ({ organizationId }) as Workspace;

async function sealed(organizationId: string): Promise<StoredMcpTool> {
  const spec = {
    model: 'm',
    tools: [{ type: 'mcp', server: { url, headers: { 'X-Key': 'value' } } }],
  };
  const workspace = workspaceOf(organizationId);
  const stored = await withSealedHeaders(workspace, secrets, agentKind, { path: 'a' }, spec);
  return (stored['tools'] as StoredMcpTool[])[0] as StoredMcpTool;
}

it('a sealed header opens for its organization, server and name alone', async () => {
  const tool = await sealed('org_1');
  expect(openHeaders(workspaceOf('org_1'), secrets, tool)).toEqual({ 'x-key': 'value' });
  const { headers = {} } = tool.server;
  const moved = [
    { ...tool, server: { url: 'https://example.net/mcp', headers } },
    { ...tool, server: { url, headers: { 'x-other': headers['x-key'] as string } } },
  ];
  for (const elsewhere of moved) {
    expect(() => openHeaders(workspaceOf('org_1'), secrets, elsewhere)).toThrow();
  }
  expect(() => openHeaders(workspaceOf('org_2'), secrets, tool)).toThrow();
});

it('equal values of two organizations are not equal when they are sealed', async () => {
  expect((await sealed('org_1')).server).not.toEqual((await sealed('org_2')).server);
});

it('what was sealed with a key that is gone does not open', async () => {
  const tool = await sealed('org_1');
  expect(() => openHeaders(workspaceOf('org_1'), secretBox(Buffer.alloc(32, 2)), tool)).toThrow(
    /no longer has/,
  );
});
