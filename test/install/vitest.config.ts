import { defineConfig } from 'vitest/config';

/** How a clone installs what it needs: many runs of npm, which take as long as a tenth of all other tests. */
export default defineConfig({
  test: {
    name: 'install',
    include: ['test/install/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
  },
});
