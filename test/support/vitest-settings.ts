/** What all lanes of tests that start processes have in common. */
export const settings = {
  pool: 'forks' as const,
  // In KB, twice what V8 takes of the 8 MB that a process has: an answer is held against its schema
  // by functions that call each other, once for each level of a trace of 400.
  execArgv: ['--stack-size=2000'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // What is waited for comes at once, and on a machine that is busy later than in the usual second.
  expect: { poll: { timeout: 20_000 } },
};

/** Files of one worker share the modules under test: to load them anew takes longer than most tests. */
export const onPostgres = {
  globalSetup: ['test/support/left-processes.ts', 'test/support/postgres-for-tests.ts'],
  isolate: false,
};
