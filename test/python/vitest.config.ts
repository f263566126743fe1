import { defineConfig } from 'vitest/config';

/** Published clients for Python, which need a Python with pip: apart from the tests that need nothing. */
export default defineConfig({
  test: {
    name: 'python',
    include: ['test/python/**/*.test.ts'],
    globalSetup: [
      'test/python/environments.ts',
      'test/support/postgres-for-tests.ts',
      'test/client/server-for-clients.ts',
    ],
    pool: 'forks',
    // A script waits for its server half of the time.
    maxConcurrency: 3,
  },
});
