import { defineConfig } from 'vitest/config';
import { sandboxTests } from './test/sandbox/vitest.config.ts';
import { unitTests } from './test/support/unit-tests.ts';
import { onPostgres, settings } from './test/support/vitest-settings.ts';

const unit = unitTests();
/** The lanes that have a configuration of their own. */
const apart = [
  ...['browser', 'faults', 'install', 'python', 'real-model', 'recovery', 'web'].map(
    (name) => `test/${name}/**`,
  ),
  ...sandboxTests,
  // The short form of its attacks is part of `npm test`.
  'test/attack/all-attacks.test.ts',
];

const forClients = {
  ...onPostgres,
  globalSetup: [...onPostgres.globalSetup, 'test/client/server-for-clients.ts'],
};
const decorators = 'test/client/decorators.test.ts';

export default defineConfig({
  test: {
    ...settings,
    // Two more than two cores: there are often tests that wait, for a lease, a limit or a process.
    maxWorkers: 4,
    projects: [
      {
        extends: true,
        // `npm run test:unit`. There is no Postgres for these, so one that wants it fails.
        test: { name: 'unit', include: unit, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...unit, ...apart, 'test/client/**'],
          ...onPostgres,
        },
      },
      {
        extends: true,
        test: {
          name: 'clients',
          include: ['test/client/**/*.test.ts'],
          exclude: [decorators],
          ...forClients,
        },
      },
      {
        extends: true,
        // A process of its own. The client's tracer is one for the whole process, and after some other
        // files it sends nothing.
        test: { name: 'decorators', include: [decorators], ...forClients, isolate: true },
      },
    ],
  },
});
