import { globSync } from 'node:fs';
import { sandboxTests } from '../sandbox/vitest.config.ts';
import { unitTests } from '../support/unit-tests.ts';

/** Tests that are about other programs, or take minutes, or would say of any change that it is one. */
const apart =
  /^test\/((browser|client|install|python|real-model|recovery|faults|mutants)\/|[^/]+$)/;

/** What the mutation lane runs, from the quickest: `npm test` without programs of others, and the tests of the sandbox. */
export function testFiles(cwd: string): {
  readonly unit: readonly string[];
  readonly server: readonly string[];
  readonly sandbox: readonly string[];
} {
  const unit = unitTests().filter((file) => !apart.test(file));
  const others = new Set([...unit, ...sandboxTests]);
  const server = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { cwd })
    .filter((file) => !apart.test(file) && !others.has(file))
    .toSorted();
  return { unit, server, sandbox: sandboxTests };
}
