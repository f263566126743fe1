import { afterAll, onTestFinished, TestRunner } from 'vitest';

/**
 * Ends something when the test that started it has finished; outside of a test, when the file has.
 * Within a test `afterAll` would be taken, and never run.
 */
export function whenDone(end: () => unknown): void {
  const isInTest = TestRunner.getCurrentTest() !== undefined;
  const endAll = async () => {
    await end();
  };
  if (isInTest) onTestFinished(endAll);
  else afterAll(endAll);
}
