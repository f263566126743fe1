import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

// When an engine that was stopped at some step of its own memory's bookkeeping is collected, whatever
// runs in it then can fail, in nobody's call: that would end the server.
test('nothing runs in an engine any more when it is collected', () => {
  const engine = new URL('jinja-engine.ts', import.meta.url);
  const program = `
    let registered = 0;
    globalThis.FinalizationRegistry = class {
      register() { registered += 1; }
      unregister() {}
    };
    const { runJinja } = await import('${engine}');
    console.log(runJinja(['{{ x }}'], { x: 'rendered' })[0], registered);`;
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'rendered 0\n' });
});
