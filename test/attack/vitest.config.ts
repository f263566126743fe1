import { defineConfig } from 'vitest/config';
import { onPostgres, settings } from '../support/vitest-settings.ts';

/** Attacks in the whole, one after the other: what they do to others is measured. */
export default defineConfig({
  test: {
    ...settings,
    ...onPostgres,
    name: 'attack',
    include: ['test/attack/all-attacks.test.ts'],
    maxWorkers: 1,
    testTimeout: 240_000,
  },
});
