import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { onPostgres, settings } from '../support/vitest-settings.ts';
import { testFiles } from './test-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { unit, server, sandbox } = testFiles(root);

export default defineConfig({
  root,
  test: {
    ...settings,
    setupFiles: ['test/mutants/note-test.setup.ts'],
    maxWorkers: 4,
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: [...unit], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: [...server],
          ...onPostgres,
          globalSetup: ['test/support/left-processes.ts', 'test/mutants/postgres.setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'sandbox',
          include: [...sandbox],
          globalSetup: ['test/support/left-processes.ts'],
        },
      },
    ],
  },
});
