import { readdir } from 'node:fs/promises';

// `npm run example <name>` runs the `main.ts` of the folder with that name.

const entries = await readdir(import.meta.dirname, { withFileTypes: true });
const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
const name = process.argv[2] ?? '';

try {
  if (!names.includes(name)) throw new Error(`Say which: ${names.join(', ')}.`);
  await import(`./${name}/main.ts`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
