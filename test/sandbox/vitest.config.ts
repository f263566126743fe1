import { defineConfig } from 'vitest/config';
import { settings } from '../support/vitest-settings.ts';

/** The sandbox of Python, and ways out of it: these start a process for nearly each test. */
export const sandboxTests = ['escape', 'isolation', 'python-batch', 'python-pool'].map(
  (name) => `src/tools/python/${name}.test.ts`,
);

export default defineConfig({
  test: {
    ...settings,
    name: 'sandbox',
    include: sandboxTests,
    globalSetup: ['test/support/left-processes.ts'],
    maxWorkers: 3,
  },
});
