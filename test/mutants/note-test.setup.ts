import { relative } from 'node:path';
import { expect } from 'vitest';

// Before each test file: says which one runs, to `reached` here and in processes that it starts.
process.env['MUTANTS_TEST'] = relative(process.cwd(), expect.getState().testPath ?? '');
