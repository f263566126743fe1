import { readFile } from 'node:fs/promises';
import { post } from '../api.ts';

/** The answer to a call of a tool: its log. */
interface ToolLog {
  readonly output: string | null;
  readonly stdout: string | null;
  readonly error: string | null;
  readonly provider_latency: number;
}

const { id, version_id: version } = await post<{ id: string; version_id: string }>('tools', {
  path: 'Examples/Python/Summary',
  tool_type: 'python',
  source_code: await readFile(new URL('summary.py', import.meta.url), 'utf8'),
});

// The second call fails in Python. That is an answer too, with the traceback as its error.
for (const numbers of [[3, 1, 4, 1, 5, 9, 2, 6], []]) {
  const log = await post<ToolLog>(`tools/call?version_id=${version}`, {
    id,
    inputs: { numbers },
  });
  console.log(`summary(${JSON.stringify(numbers)}), in ${log.provider_latency} s`);
  console.log(`  output: ${log.output}`);
  console.log(`  stdout: ${log.stdout?.trimEnd()}`);
  console.log(`  error:  ${log.error?.trimEnd().replaceAll('\n', '\n          ') ?? null}\n`);
}
