/**
 * The sandbox's own side, run by Deno: loads Python, gives up the right to read files, and answers
 * calls, a line of JSON each.
 *
 * Arguments: `serve` or `snapshot`; Pyodide's folder; the runner's path; the snapshot's path, to be
 * read or written, or nothing.
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
  // What was drawn before the snapshot would be drawn again by every process.
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

/** Python is given none of our globals; that it can reach them all the same is what Deno is for. */
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
