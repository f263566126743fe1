import { type Block, reasonNotToRun } from './markdown-blocks.ts';
import { runInShell } from './shell.ts';

/** The server that the commands of a page speak to. */
interface PageServer {
  readonly url: string;
  readonly key: string;
  readonly port: string;
  readonly dataDir: string;
}

/** Written after each command. No command writes this character. */
const end = '\u001e';

/**
 * Runs the commands of a page (`sh`, `ts`) from its top, like a reader with one terminal in the folder
 * of the repository: variables stay. The address of `server` replaces the one that the page names.
 *
 * @returns what each printed, by its block.
 * @throws an Error with the first command that failed. A request that is refused has failed, too. A
 *   block that is noted `refused` has to fail.
 */
export async function runCommands(
  blocks: readonly Block[],
  server: PageServer,
): Promise<ReadonlyMap<Block, string>> {
  const commands = blocks.filter(
    (block) => Object.hasOwn(programs, block.language) && reasonNotToRun(block) === undefined,
  );
  const script = [
    prelude(server),
    ...commands.map((block) => `${lineOf(block)}\nprintf '${end}'\n`),
  ].join('\n');
  const { stdout, stderr } = await runInShell(
    script.replaceAll('http://127.0.0.1:5005', server.url),
  ).catch((failed: Output) => failed);
  // `curl -i` prints headers, whose lines end in \r\n.
  const outputs = stdout.replaceAll('\r', '').split(end);
  const failing = commands[outputs.length - 1];
  if (failing) throw new Error(`${failing.text}\n${outputs.at(-1)}\n${stderr}`);
  return new Map(commands.map((block, index) => [block, outputs[index] ?? '']));
}

function lineOf(block: Block): string {
  const line = programs[block.language]?.(block.text) ?? '';
  return block.note.includes('refused')
    ? `if (\n${line}\n); then echo 'This has to be refused.' >&2; exit 1; fi`
    : line;
}

/** How a block is run by a shell, by its language. */
const programs: Readonly<Record<string, (text: string) => string>> = {
  sh: (text) => text,
  ts: (text) => `node --input-type=module-typescript <<'END_OF_PROGRAM'\n${text}END_OF_PROGRAM`,
};

const prelude = ({ key, port, dataDir }: PageServer) => `
set -euo pipefail
export KEY='${key}' PORT='${port}' LOOPWRIGHT_DATA_DIR='${dataDir}' DATABASE_URL= LOOPWRIGHT_API_KEY=
# What npm says before a script is not the script's.
export npm_config_loglevel=silent
curl() { command curl --silent --show-error --fail-with-body "$@"; }
node() { '${process.execPath}' "$@"; }
`;

/** What a script printed, whether it failed or not. */
interface Output {
  readonly stdout: string;
  readonly stderr: string;
}
