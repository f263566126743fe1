import { defineConfig } from 'vitest/config';
import { chromiumPath } from '../browser/chromium-path.ts';
import { onPostgres, settings } from '../support/vitest-settings.ts';

// The web UI as `npm start` builds it, on a real server, in a browser. `npm run test:web` builds it first.
export default defineConfig({
  test: {
    ...settings,
    ...onPostgres,
    name: 'web',
    include: ['test/web/**/*.test.ts'],
    maxWorkers: 2,
    provide: { chromiumPath: chromiumPath(process.env['CHROMIUM_PATH']) },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
