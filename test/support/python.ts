import { fileURLToPath } from 'node:url';
import { createLogger } from '../../src/kernel/logger.ts';
import type { PythonLimits } from '../../src/tools/python/python-call.ts';
import { PythonPool } from '../../src/tools/python/python-pool.ts';
import { findSandboxProgram, type SandboxProgram } from '../../src/tools/python/sandbox-program.ts';

/** Kept from one run of the tests to the next: it takes seconds to make what is in it. */
export const pythonFolder = fileURLToPath(
  new URL('../../node_modules/.cache/loopwright/', import.meta.url),
);

/**
 * A sandbox for tests, with the limits that the server has by default, or others.
 *
 * @param program paths to take in place of those that npm installed.
 * @param folder where a snapshot is kept.
 */
export function testPython(
  limits: Partial<PythonLimits> = {},
  program: Partial<SandboxProgram> = {},
  folder = pythonFolder,
): PythonPool {
  return new PythonPool({
    folder,
    findProgram: () => ({ ...findSandboxProgram(), ...program }),
    logger: createLogger('silent', () => undefined),
    limits: {
      timeoutMs: 30_000,
      memoryBytes: 256 * 1024 * 1024,
      stdoutCharacters: 100_000,
      outputCharacters: 1_000_000,
      maxProcesses: 4,
      queueMs: 60_000,
      ...limits,
    },
  });
}
