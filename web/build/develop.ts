import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

// Serves the web UI from its sources, and changes it while they change. The API is that of a server
// that runs beside it (see vite.config.ts).

const server = await createServer({ root: fileURLToPath(new URL('..', import.meta.url)) });
await server.listen();
server.printUrls();
