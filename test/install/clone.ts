import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textOf } from '../support/server.ts';
import { type Registry, version } from './registry.ts';

/** What a start printed, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A start that runs. */
interface Start {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it has said to stderr so far. */
  said(): string;
}

/** A fresh clone of a small project that starts as ours does, with two packages, and one for development. */
export interface Clone {
  readonly folder: string;
  /** Runs `npm start`, or another script, by its command. */
  run(script?: Script, env?: Readonly<Record<string, string>>): Promise<Ended>;
  launch(script?: Script, env?: Readonly<Record<string, string>>): Start;
  /** Gives it a web UI, whose build waits for a file `go`. `serve` lasts until that is built. */
  addWeb(): Promise<void>;
  /** The names of the packages that are installed. */
  packages(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

const scripts = fileURLToPath(new URL('../../scripts', import.meta.url));
const commands = {
  start: ['program.ts', 'given'],
  test: ['--all', 'program.ts', 'given'],
  serve: ['--web-beside', 'serve.ts'],
} as const;

type Script = keyof typeof commands;

const buildProgram = `import { existsSync, mkdirSync } from 'node:fs';
import 'alpha';
const timer = setInterval(() => {
  if (!existsSync('../go')) return;
  clearInterval(timer);
  mkdirSync('dist');
}, 10);
`;

const serveProgram = `import { existsSync } from 'node:fs';
console.error('serving');
const built = new URL('web/dist/.built-from', import.meta.url);
const timer = setInterval(() => {
  if (!existsSync(built)) return;
  clearInterval(timer);
  console.log('built');
}, 10);
`;

export async function newClone(registry: Registry): Promise<Clone> {
  const folder = await mkdtemp(join(tmpdir(), 'lw-clone-'));
  await cp(scripts, join(folder, 'scripts'), {
    recursive: true,
    filter: (path) => !path.includes('node_modules'),
  });
  const json = (name: string, content: object) =>
    writeFile(join(folder, name), JSON.stringify(content));
  const own = {
    name: 'clone',
    version,
    dependencies: { alpha: version, beta: version },
    devDependencies: { gamma: version },
  };
  const entry = (name: string) => ({ version, integrity: registry.integrityOf(name) });
  await json('package.json', { ...own, type: 'module' });
  await json('package-lock.json', {
    ...{ name: own.name, version, lockfileVersion: 3, requires: true },
    packages: {
      '': own,
      'node_modules/alpha': entry('alpha'),
      'node_modules/beta': entry('beta'),
      'node_modules/gamma': { ...entry('gamma'), dev: true },
    },
  });
  await writeFile(
    join(folder, 'program.ts'),
    "import alpha from 'alpha';\nimport beta from 'beta';\n" +
      'const [, , ...words]: readonly string[] = process.argv;\n' +
      'console.log(alpha, beta, ...words);\n',
  );

  const launch: Clone['launch'] = (script = 'start', env = {}) => {
    const child = spawn(
      process.execPath,
      [join(folder, 'scripts', 'run.mjs'), ...commands[script]],
      {
        // A group of its own, as a terminal makes one, and not the folder that it is about.
        detached: true,
        cwd: tmpdir(),
        env: {
          PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
          HOME: folder,
          npm_config_registry: registry.url,
          npm_config_cache: join(folder, '.npm'),
          npm_config_update_notifier: 'false',
          npm_config_fetch_retries: '0',
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const stdout = textOf(child, 'stdout');
    const said = textOf(child, 'stderr');
    const ended = once(child, 'exit').then(([code]) => ({
      code,
      stdout: stdout(),
      stderr: said(),
    }));
    return { process: child, ended, said };
  };

  return {
    folder,
    launch,
    run: async (script, env) => {
      const { process: child, ended } = launch(script, env);
      await once(child, 'close');
      return ended;
    },
    addWeb: async () => {
      const web = { name: 'web', version, dependencies: { alpha: version } };
      await mkdir(join(folder, 'web', 'build'), { recursive: true });
      await json('web/package.json', { ...web, type: 'module' });
      await json('web/package-lock.json', {
        ...{ name: web.name, version, lockfileVersion: 3, requires: true },
        packages: { '': web, 'node_modules/alpha': entry('alpha') },
      });
      await writeFile(join(folder, 'web', 'build', 'main.ts'), buildProgram);
      await writeFile(join(folder, 'serve.ts'), serveProgram);
    },
    packages: async () =>
      (await readdir(join(folder, 'node_modules'))).filter((name) => !name.startsWith('.')),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
