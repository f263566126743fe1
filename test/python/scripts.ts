import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A program for a Python client. It passes when it ends with status 0. */
export interface PythonScript {
  /** `decorators.py` */
  readonly name: string;
  readonly path: string;
  /** Names of files in `requirements/`, of the script's first line. */
  readonly environments: readonly string[];
}

const folder = fileURLToPath(new URL('.', import.meta.url));

/** All scripts of this folder; their first line says where they run: `# with: humanloop-0.8.38`. */
export const pythonScripts: readonly PythonScript[] = globSync('*.py', { cwd: folder })
  .toSorted()
  .map((name) => {
    const path = `${folder}${name}`;
    const named = /^# with: (.+)$/m.exec(readFileSync(path, 'utf8').split('\n', 1).join())?.[1];
    if (!named) throw new Error(`The first line of test/python/${name} must be \`# with: …\`.`);
    return { name, path, environments: named.trim().split(/[\s,]+/) };
  });
