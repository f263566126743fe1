import { defineConfig } from 'vitest/config';
import { chromiumPath } from '../browser/chromium-path.ts';

// The web UI as `npm start` builds it, on a real server, in a browser. `npm run test:web` builds it first.
export default defineConfig({
  test: {
    name: 'web',
    include: ['test/web/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    provide: { chromiumPath: chromiumPath(process.env['CHROMIUM_PATH']) },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
