import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/postgres-for-tests.ts',
    pool: 'forks',
    // Tests mostly wait, for Postgres and for processes: two at once even on two cores.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/client/**'],
          // Files of one worker share the modules under test: to load them anew takes longer than
          // most tests.
          isolate: false,
        },
      },
      {
        extends: true,
        // The published client keeps its tracer for the whole process: each file needs its own.
        test: { name: 'clients', include: ['test/client/**/*.test.ts'] },
      },
    ],
  },
});
