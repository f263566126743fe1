/**
 * The sandbox's side of the protocol, run by Deno: loads Python, gives up the permission to read
 * files, and answers calls as lines of JSON.
 *
 * Arguments: `serve` or `snapshot`; Pyodide's folder; the path of the runner; the path of the
 * snapshot to read or write, or nothing.
 */
const [task, pyodideFolder, runnerPath, snapshotPath = ''] = Deno.args;
const { loadPyodide } = await import(`file://${pyodideFolder}/pyodide.mjs`);
const encoder = new TextEncoder();

if (task === 'snapshot') await makeSnapshot();
else await serve();

async function makeSnapshot() {
  const python = await loadPyodide({ ...common(), _makeSnapshot: true });
  define(python);
  Deno.writeFileSync(snapshotPath, python.makeMemorySnapshot());
}

async function serve() {
  const snapshot = snapshotPath === '' ? undefined : Deno.readFileSync(snapshotPath);
  const python = await loadPyodide({
    ...common(),
    ...(snapshot ? { _loadSnapshot: snapshot } : {}),
  });
  if (!snapshot) define(python);
  // Seed again: otherwise every process would draw the same numbers after the snapshot.
  python.runPython('random.seed()');
  python.setStdin({ stdin: () => null });
  Deno.permissions.revokeSync({ name: 'read' });
  const run = python.globals.get('run');
  send({ ready: true });
  for await (const line of lines()) {
    const { id } = JSON.parse(line);
    const answer = await run(line, (stdout) => send({ id, stdout }));
    send({ id, ...JSON.parse(answer) });
  }
  Deno.exit(0);
}

/**
 * Python gets none of our globals. Code that reaches them nevertheless is stopped by Deno's
 * permissions.
 */
function common() {
  return {
    indexURL: pyodideFolder,
    jsglobals: Object.create(null),
    packages: [],
    env: { HOME: '/home/pyodide' },
    stdout: () => undefined,
    stderr: () => undefined,
  };
}

function define(python) {
  python.runPython(Deno.readTextFileSync(runnerPath), { filename: '<runner>' });
}

function send(message) {
  const bytes = encoder.encode(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < bytes.length; ) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}

async function* lines() {
  let parts = [];
  for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const pieces = chunk.split('\n');
    for (const piece of pieces.slice(0, -1)) {
      yield [...parts, piece].join('');
      parts = [];
    }
    parts.push(pieces.at(-1));
  }
}
