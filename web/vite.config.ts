import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where the server listens that `npm run web` asks. */
const server = 'http://127.0.0.1:5005';

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: 'es2023',
    // A data: URL would need a wider content policy.
    assetsInlineLimit: 0,
    manifest: true,
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ['/v5', '/docs', '/openapi.json', '/healthz', '/readyz'].map((path) => [path, server]),
    ),
  },
});
