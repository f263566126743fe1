import { globSync } from 'node:fs';
import { checkSync } from 'recheck';
import { knownSafe } from './known-safe.ts';
import { literalsIn } from './literals.ts';

// Checks that no regular expression of the server takes more than linear time, whatever it is tried on: one that takes
// quadratic time on 100 KB holds the event loop for seconds. Say why an expression that the checker cannot judge, or
// whose texts are short, is safe in `known-safe.ts`.

const files = globSync('src/**/*.{ts,js}').filter((file) => !file.endsWith('.test.ts'));
const known = new Map(knownSafe.map(({ regex, because }) => [regex, because]));
const bad: string[] = [];
let count = 0;
for (const file of files.sort()) {
  for (const { source, flags, line } of literalsIn(file)) {
    count += 1;
    const regex = `/${source}/${flags}`;
    // Used up, so that what is left at the end is no longer needed.
    if (known.has(regex)) {
      known.set(regex, '');
      continue;
    }
    const found = verdict(source, flags);
    if (found !== 'safe') bad.push(`${file}:${line} ${regex}\n    ${found}`);
  }
}
for (const [regex, because] of known) {
  if (because !== '') bad.push(`test/regexes/known-safe.ts ${regex}\n    is nowhere, or safe`);
}
process.stdout.write(
  [...bad, `${count} regular expressions, ${bad.length} of them bad\n`].join('\n'),
);
process.exit(bad.length === 0 ? 0 : 1);

function verdict(source: string, flags: string): string {
  // The checker does not know the flag `v`, and cannot join `i` and `u`.
  const readable = flags.replace('v', 'u').replace(/[iu](?=.*[iu])/, '');
  const found = checkSync(source, readable, { timeout: 10_000 });
  if (found.status === 'safe') return 'safe';
  return found.status === 'vulnerable'
    ? `takes ${found.complexity.summary} time`
    : `not judged: ${found.error.kind}`;
}
