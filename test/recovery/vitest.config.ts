import { defineConfig } from 'vitest/config';
import { onPostgres, settings } from '../support/vitest-settings.ts';

/** Servers and Postgres that are killed, frozen or cut off, and starts that fail. */
export default defineConfig({
  test: {
    ...settings,
    ...onPostgres,
    name: 'recovery',
    include: ['test/recovery/**/*.test.ts', 'test/faults/**/*.test.ts'],
    maxWorkers: 3,
  },
});
