// Prints how many tests passed and failed, by vitest's report: `12 0`.
// Usage, in .ci/run: node scripts/count-tests.mjs <report> <exit status of vitest>
import { readFileSync } from 'node:fs';

const [file, status] = process.argv.slice(2);
const { passed, failed } = read(file);
// vitest may fail although no test did: an uncaught error, or a Postgres that did not start.
console.log(passed, status !== '0' && failed === 0 ? 1 : failed);

function read(path) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, 'utf8'));
    // A file that could not be loaded reports no failed tests.
    const broken = testResults.filter(
      ({ status: outcome, assertionResults }) =>
        outcome === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    );
    return { passed: numPassedTests, failed: numFailedTests + broken.length };
  } catch (error) {
    console.error(`There is no report of the tests: ${error.message}`);
    return { passed: 0, failed: 0 };
  }
}
