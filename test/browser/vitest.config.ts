import { defineConfig } from 'vitest/config';
import { chromiumPath } from './chromium-path.ts';

// Not a project of the other tests: those need nothing that npm does not install.
export default defineConfig({
  test: {
    name: 'browser',
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    provide: { chromiumPath: chromiumPath(process.env['CHROMIUM_PATH']) },
    // Swagger UI takes seconds to open an operation, and many on a machine that is busy.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
