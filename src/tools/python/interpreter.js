/**
 * The sandbox's side of the protocol, run by Deno: loads Python, gives up the permission to read
 * files, and answers calls and batches as lines of JSON.
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
  // The channel closes when the server is killed. Without this, the process would go on for seconds.
  void Deno.stdin.read(new Uint8Array(1)).then(() => Deno.exit(1));
  const python = await loadPyodide({ ...common(), _makeSnapshot: true });
  define(python);
  Deno.writeFileSync(snapshotPath, python.makeMemorySnapshot());
  Deno.exit(0);
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
  const call = python.globals.get('call');
  const batch = python.globals.get('batch');
  send({ ready: true });
  for await (const line of lines()) {
    const { id, shared, items } = JSON.parse(line);
    if (items) await judge(id, batch(shared), items);
    else await answer({ id }, (emit) => call(line, emit));
  }
  Deno.exit(0);
}

/**
 * Judges the items of a batch one after the other. Python is not told the id of the batch, so code
 * cannot write the result of another item.
 */
async function judge(id, judgeItem, items) {
  for (const [index, item] of items.entries()) {
    await answer({ id, index }, (emit) => judgeItem(item, emit));
  }
  judgeItem.destroy();
}

/** Sends what is printed during a call, and its answer. */
async function answer(about, begin) {
  let text = begin((stdout) => send({ stdout, ...about }));
  if (typeof text !== 'string') {
    const coroutine = text;
    text = await coroutine;
    coroutine.destroy();
  }
  send({ ...JSON.parse(text), ...about });
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
