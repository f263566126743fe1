import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: 'test/postgres-for-tests.ts',
    pool: 'forks',
    // Files of one worker share the modules under test: to load them anew takes longer than most tests.
    isolate: false,
    // Tests mostly wait, for Postgres and for processes: two at once even on two cores.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
