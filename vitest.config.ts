import { defineConfig } from 'vitest/config';
import { unitTests } from './test/support/unit-tests.ts';

const unit = unitTests();
const apart = ['test/browser/**', 'test/install/**', 'test/python/**'];

export default defineConfig({
  test: {
    pool: 'forks',
    // In KB, twice what V8 takes of the 8 MB that a process has: an answer is held against its schema
    // by functions that call each other, once for each level of a trace of 400.
    execArgv: ['--stack-size=2000'],
    // One more than two cores: there is often a test that waits, for a lease, a limit or a process.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes at once, and on a machine that is busy later than in the usual second.
    expect: { poll: { timeout: 20_000 } },
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
          globalSetup: ['test/support/left-processes.ts', 'test/support/postgres-for-tests.ts'],
          // Files of one worker share the modules under test: to load them anew takes longer than
          // most tests.
          isolate: false,
        },
      },
      {
        extends: true,
        // The published client keeps its tracer for the whole process: each file needs its own.
        test: {
          name: 'clients',
          include: ['test/client/**/*.test.ts'],
          globalSetup: [
            'test/support/left-processes.ts',
            'test/support/postgres-for-tests.ts',
            'test/client/server-for-clients.ts',
          ],
        },
      },
    ],
  },
});
