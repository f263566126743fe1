import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { testPython } from '../../../test/support/python.ts';
import type { CodeOwner, PythonResult } from './python-call.ts';

const secret = `canary-${randomUUID()}`;
const folder = await mkdtemp(join(tmpdir(), 'lw-escape-'));
const file = join(folder, 'secret.txt');
await writeFile(file, secret);
// biome-ignore lint/style/noProcessEnv: what the server's environment holds must not be seen
process.env['LW_CANARY'] = secret;

let connections = 0;
const listener = createServer((socket) => {
  connections += 1;
  socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nreach!');
});
await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
const { port } = listener.address() as { port: number };

// As many processes as there are organizations below: none makes room for another, and is started anew.
const python = testPython({
  memoryBytes: 128 * 1024 * 1024,
  timeoutMs: 20_000,
  maxProcesses: 6,
});
const signal = new AbortController().signal;

afterAll(async () => {
  await python.stop();
  listener.close();
  await rm(folder, { recursive: true, force: true });
});

/** The owner of an attempt: each organization here has one tool. */
const ownerIn = (organizationId: string): CodeOwner => ({ organizationId, codeId: 'tool' });

async function run(
  source: string,
  organization = 'attacker',
  pool = python,
): Promise<PythonResult> {
  const result = await pool.run(
    ownerIn(organization),
    { source, inputs: {}, environment: {} },
    signal,
  );
  expect(JSON.stringify(result)).not.toContain(secret);
  return result;
}

/** The result of an attempt as one text: its output or its error. */
async function told(source: string, organization?: string): Promise<string> {
  const { output, error, stdout } = await run(source, organization);
  return `${stdout ?? ''}${output ?? ''}${error ?? ''}`;
}

/** Python code that runs JavaScript with everything that Deno offers, and returns the result. */
function javaScript(code: string): string {
  const body = JSON.stringify(`return (async () => { ${code} })()`);
  return `
from pyodide.ffi import to_js
async def attempt():
    return str(await to_js([1]).constructor.constructor(${body})())
`;
}

afterEach(async () => {
  // No connection was made, nothing was changed, and the next call works.
  expect(connections).toBe(0);
  expect(await readdir(folder)).toEqual(['secret.txt']);
  expect(await readFile(file, 'utf8')).toBe(secret);
  expect(await run('def add():\n    return 1 + 1', 'neighbor')).toEqual({
    output: '2',
    error: null,
    stdout: null,
  });
});

test('code gets hold of JavaScript and of Deno: the language is not the wall', async () => {
  expect(await told(javaScript('return typeof Deno.readTextFileSync'))).toBe('function');
});

const noRead = /Requires (read|write) access|NotCapable/;
const noNet = /Requires net access|NotCapable/;
const name = JSON.stringify(file);

describe('host files', () => {
  test.each([
    ['open', `def f():\n    return open(${name}).read()`, /FileNotFoundError/],
    [
      'the list of the root',
      'import os\ndef f():\n    return os.listdir("/")',
      /^(?!.*"etc").*"lib"/,
    ],
    ['/proc', 'def f():\n    return open("/proc/1/environ", "rb").read()', /FileNotFoundError/],
    [
      'a mount of the host',
      `import pyodide_js\ndef f():\n    pyodide_js.mountNodeFS("/mnt", "/")\n    return open("/mnt" + ${name}).read()`,
      /Error/,
    ],
  ])('are out of reach of Python: %s', async (_, source, expected) => {
    expect(await told(source)).toMatch(expected);
  });

  test.each([
    ['Deno.readTextFileSync', `return Deno.readTextFileSync(${name})`, noRead],
    ['Deno.openSync', `return Deno.openSync(${name})`, noRead],
    ['Deno.readDirSync', 'return [...Deno.readDirSync("/")]', noRead],
    ['Deno.statSync', `return Deno.statSync(${name}).size`, noRead],
    ['Deno.realPathSync', 'return Deno.realPathSync("/")', noRead],
    ['Deno.watchFs', 'return Deno.watchFs("/")', noRead],
    [
      'Deno.writeTextFileSync',
      `Deno.writeTextFileSync(${JSON.stringify(join(folder, 'x'))}, "x")`,
      noRead,
    ],
    ['Deno.removeSync', `Deno.removeSync(${name})`, noRead],
    ['Deno.symlinkSync', `Deno.symlinkSync(${name}, "link")`, noRead],
    ['Deno.linkSync', `Deno.linkSync(${name}, "link")`, noRead],
    ['Deno.renameSync', `Deno.renameSync(${name}, "mine")`, noRead],
    ['Deno.makeTempFileSync', 'return Deno.makeTempFileSync()', noRead],
    ['Deno.chdir', 'Deno.chdir("/")', noRead],
    ['what it was made of', 'return Deno.readTextFileSync(Deno.args[1] + "/package.json")', noRead],
    ['its snapshot', 'return Deno.readFileSync(Deno.args[3]).length', noRead],
    ['node:fs', `return (await import("node:fs")).readFileSync(${name}, "utf8")`, noRead],
    [
      'a builtin of process',
      `return process.getBuiltinModule("node:fs").readFileSync(${name}, "utf8")`,
      noRead,
    ],
    [
      'node:fs/promises',
      `return await (await import("node:fs/promises")).readFile(${name}, "utf8")`,
      noRead,
    ],
    [
      'an attached database',
      `const { DatabaseSync } = await import("node:sqlite"); new DatabaseSync(":memory:").exec("ATTACH '${join(folder, 'x.db')}' AS x")`,
      /attached databases/,
    ],
    [
      'a database',
      `const { DatabaseSync } = await import("node:sqlite"); new DatabaseSync(${name})`,
      noRead,
    ],
    ['fetch of a file', `return await (await fetch("file://${file}")).text()`, noRead],
    [
      'import of text',
      `return (await import("file://${file}", { with: { type: "text" } })).default`,
      noRead,
    ],
    ['import of a module', `return await import("file://${file}")`, noRead],
    [
      'a worker of a file',
      `const w = new Worker("file://${file}", { type: "module" }); return await new Promise((r) => { w.onerror = (e) => r("failed " + e.message); w.onmessage = r; })`,
      /failed|Python ended|access/,
    ],
    [
      'a heap snapshot',
      `return (await import("node:v8")).writeHeapSnapshot(${JSON.stringify(join(folder, 'heap'))})`,
      /access|memory|ended/,
    ],
    [
      'a report of Node',
      `return "wrote " + process.report.writeReport(${JSON.stringify(join(folder, 'report'))})`,
      /^wrote/,
    ],
    [
      'an operation of Deno itself',
      `return Deno[Deno.internal].core.ops.op_fs_stat_sync(${name}, new Uint32Array(99))`,
      noRead,
    ],
    ['a file of variables', `process.loadEnvFile(${name}); return "loaded"`, noRead],
    [
      'descriptors of the server',
      'const { readSync } = await import("node:fs"); let found = 0; for (let fd = 3; fd < 64; fd++) { try { found += readSync(fd, new Uint8Array(9)) } catch {} } return "found " + found',
      /^found 0$/,
    ],
    ['the native library of a file', `return Deno.dlopen(${name}, {})`, /ffi access/],
    ['an addon of Node', `process.dlopen({ exports: {} }, ${name})`, /access|not/],
    [
      'asking for the permission',
      'return (await Deno.permissions.request({ name: "read" })).state',
      /^denied$/,
    ],
    [
      'a worker with permissions',
      `const w = new Worker("data:text/javascript,self.postMessage(Deno.readTextFileSync('${file}'))", { type: "module", deno: { permissions: { read: true } } }); return await new Promise((r) => { w.onmessage = (e) => r(e.data) })`,
      /ended|Can't escalate|access/,
    ],
    [
      'a worker',
      `const w = new Worker("data:text/javascript,try{self.postMessage(Deno.readTextFileSync('${file}'))}catch(e){self.postMessage(e.message)}", { type: "module" }); return await new Promise((r) => { w.onmessage = (e) => r(e.data) })`,
      /Requires read access/,
    ],
    [
      'a thread of Node',
      `const { Worker } = await import("node:worker_threads"); const w = new Worker("require('fs').readFileSync(${name.replaceAll('"', "'")})", { eval: true }); return await new Promise((r) => { w.on("error", (e) => r("failed " + e.message)); w.on("exit", () => r("failed")) })`,
      /failed|ended|access/,
    ],
  ])('are out of reach of JavaScript: %s', async (_, code, expected) => {
    expect(await told(javaScript(code))).toMatch(expected);
  });
});

describe('the environment', () => {
  test.each([
    ['os.environ', 'import os\ndef f():\n    return dict(os.environ)', /^\{\}$/],
    ['Deno.env', javaScript('return JSON.stringify(Deno.env.toObject())'), /env access/],
    ['one variable', javaScript('return Deno.env.get("LW_CANARY")'), /env access/],
    ['process.env', javaScript('return process.env.LW_CANARY'), /env access/],
    ['the name of the host', javaScript('return Deno.hostname()'), /sys access/],
    [
      'the account',
      javaScript('return (await import("node:os")).userInfo().username'),
      /sys access/,
    ],
    ['network interfaces', javaScript('return Deno.networkInterfaces()'), /sys access/],
    ['the inspector', javaScript('(await import("node:inspector")).open(0)'), /access/],
  ])('is not seen: %s', async (_, source, expected) => {
    expect(await told(source)).toMatch(expected);
  });
});

describe('the network', () => {
  const url = `http://127.0.0.1:${port}/`;
  test.each([
    [
      'urllib',
      `import urllib.request\ndef f():\n    return urllib.request.urlopen("${url}").read()`,
    ],
    [
      'socket',
      `import socket\ndef f():\n    s = socket.create_connection(("127.0.0.1", ${port}), 1)\n    s.send(b"x")\n    return s.recv(10)`,
    ],
    [
      'DNS',
      'import socket\ndef f():\n    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n    return s.sendto(b"x", ("8.8.8.8", 53))',
    ],
    [
      'http.client',
      `import http.client\ndef f():\n    c = http.client.HTTPConnection("127.0.0.1", ${port}, timeout=1)\n    c.request("GET", "/")\n    return c.getresponse().read()`,
    ],
    [
      'asyncio',
      `import asyncio\nasync def f():\n    return await asyncio.wait_for(asyncio.open_connection("127.0.0.1", ${port}), 1)`,
    ],
    [
      'pyfetch',
      `from pyodide.http import pyfetch\nasync def f():\n    return await (await pyfetch("${url}")).text()`,
    ],
    [
      'open_url',
      `from pyodide.http import open_url\ndef f():\n    return open_url("${url}").read()`,
    ],
    [
      'packages',
      'import pyodide_js\nasync def f():\n    await pyodide_js.loadPackage("numpy")\n    import numpy\n    return 1',
    ],
  ])('is out of reach of Python: %s', async (_, source) => {
    const { output, error } = await run(source);
    expect(output).toBeNull();
    expect(error).toMatch(/Error|Exception/);
  });

  test.each([
    ['fetch', `return await (await fetch("${url}")).text()`, noNet],
    [
      'WebSocket',
      `const w = new WebSocket("ws://127.0.0.1:${port}"); return await new Promise((r) => { w.onopen = () => r("open"); w.onerror = (e) => r("refused: " + e.message) })`,
      /net access|refused/,
    ],
    [
      'XMLHttpRequest',
      `const x = new XMLHttpRequest(); x.open("GET", "${url}"); x.send()`,
      /not defined/,
    ],
    [
      'EventSource',
      `const s = new EventSource("${url}"); return await new Promise((r) => { s.onopen = () => r("open"); s.onerror = (e) => r("refused") })`,
      /net access|refused/,
    ],
    ['Deno.connect', `return await Deno.connect({ port: ${port} })`, noNet],
    [
      'a Unix socket',
      'return await Deno.connect({ transport: "unix", path: "/tmp/.s.PGSQL.5432" })',
      noRead,
    ],
    ['TLS', `return await Deno.connectTls({ port: ${port} })`, noNet],
    ['listening', 'return Deno.listen({ port: 0 })', noNet],
    ['a web server', 'return Deno.serve({ port: 0 }, () => new Response())', noNet],
    ['resolveDns', 'return await Deno.resolveDns("example.com", "A")', noNet],
    [
      'node:net',
      `const s = (await import("node:net")).connect(${port}, "127.0.0.1"); return await new Promise((r) => { s.on("error", (e) => r(e.message)); s.on("connect", () => r("connected")) })`,
      noNet,
    ],
    [
      'node:http',
      `return await new Promise(async (r) => (await import("node:http")).get("${url}", () => r("answered")).on("error", (e) => r(e.message)))`,
      noNet,
    ],
    [
      'node:dgram',
      `const s = (await import("node:dgram")).createSocket("udp4"); return await new Promise((r) => { s.on("error", (e) => r("refused: " + e.message)); s.send("x", ${port}, "127.0.0.1", (e) => r(String(e))) })`,
      /refused|access|ended/,
    ],
    [
      'node:dns',
      'return await new Promise(async (r) => (await import("node:dns")).lookup("example.com", (e, a) => r(String(e) + a)))',
      /EPERM/,
    ],
    ['import over HTTP', `return await import("${url}x.js")`, /import access|--no-remote/],
    [
      'import from a trusted host',
      'return await import("https://deno.land/x/a.ts")',
      /import access|--no-remote/,
    ],
    ['a package of npm', 'return await import("npm:left-pad")', /--no-npm/],
    ['a package of JSR', 'return await import("jsr:@std/fs")', /import access|--no-remote/],
  ])('is out of reach of JavaScript: %s', async (_, code, expected) => {
    expect(await told(javaScript(code))).toMatch(expected);
  });
});

describe('processes', () => {
  test.each([
    ['subprocess', 'import subprocess\ndef f():\n    return subprocess.run(["id"])', /Error/],
    ['os.system', 'import os\ndef f():\n    return os.system("id")', /-1|Error|ended/],
    ['os.fork', 'import os\ndef f():\n    return os.fork()', /Error/],
    ['os.execv', 'import os\ndef f():\n    os.execv("/bin/sh", ["sh"])', /Error/],
    [
      'multiprocessing',
      'import multiprocessing\ndef f():\n    p = multiprocessing.Process(target=print)\n    p.start()',
      /Error/,
    ],
    [
      'a thread',
      'import threading\ndef f():\n    threading.Thread(target=print).start()',
      /can't start new thread/,
    ],
    ['a signal to the server', javaScript('Deno.kill(Deno.ppid, "SIGKILL")'), /run access/],
    ['a signal by Node', javaScript('process.kill(process.ppid, "SIGKILL")'), /run access/],
    [
      'Deno.Command',
      javaScript('return new Deno.Command("/bin/sh").outputSync().code'),
      /run access/,
    ],
    [
      'node:child_process',
      javaScript(
        'return (await import("node:child_process")).spawnSync("/bin/sh", { env: {} }).status',
      ),
      /access|^None$|null/,
    ],
  ])('cannot be started or ended: %s', async (_, source, expected) => {
    expect(await told(source)).toMatch(expected);
  });
});

describe('what others left', () => {
  const leave = `
import builtins, os, sys, gc
kept = "${secret.slice(0, 8)}" + "${secret.slice(8)}"
builtins.kept = kept
sys.modules["kept"] = kept
os.environ["KEPT"] = kept
open("/tmp/kept", "w").write(kept)
def f():
    return len(kept)
`;

  test('is not in the interpreter, whose process is of one organization from its first call on', async () => {
    expect((await run(leave, 'victim')).output).toBe(String(secret.length));
    const search = `
import builtins, os, sys, gc
def f():
    found = [str(getattr(builtins, "kept", "")), str(sys.modules.get("kept")), str(os.environ)]
    found += [open("/tmp/kept").read()] if os.path.exists("/tmp/kept") else []
    found += [o for o in gc.get_objects() if isinstance(o, str) and "canary" in o]
    return "found " + " ".join(found)
`;
    expect(await told(search)).toMatch(/^found/);
    const owners = python.processes.map(({ owner }) => owner?.organizationId);
    expect(owners.filter((owner) => owner === 'victim')).toHaveLength(1);
    expect(owners.filter((owner) => owner === 'attacker')).toHaveLength(1);
    expect(new Set(python.processes.map(({ pid }) => pid)).size).toBe(owners.length);
  });

  test.each([
    ['localStorage', 'localStorage.setItem("kept", "x")', /Not a directory|Error/],
    ['caches', 'await caches.open("kept")', /Failed to create|Error/],
    ['a key-value store', 'await Deno.openKv()', /not a function|access/],
  ])('cannot be left outside the process: %s', async (_, code, expected) => {
    expect(await told(javaScript(code))).toMatch(expected);
  });

  test('is no name of the call before, and no variable of it', async () => {
    const call = {
      source: 'left = 1\ndef f():\n    import os\n    return os.environ["TOKEN"]',
      inputs: {},
    };
    const first = await python.run(
      ownerIn('attacker'),
      { ...call, environment: { TOKEN: 'abc' } },
      signal,
    );
    expect(first.output).toBe('abc');
    const after =
      'import os\ndef f():\n    return str(os.environ.get("TOKEN")) + str("left" in globals())';
    expect(await told(after)).toBe('NoneFalse');
  });
});

describe('forged messages', () => {
  const write = (text: string) =>
    javaScript(`Deno.stdout.writeSync(new TextEncoder().encode(${text})); return "went on"`);

  test.each([
    ['an answer to another call', write('`{"id":999,"output":"forged"}\\n`')],
    ['an answer of the prototype', write('`{"__proto__":{"id":1,"output":"x"}}\\n`')],
    ['an id that is a name of Object', write('`{"id":"constructor","output":"x"}\\n`')],
    ['no JSON', write('`nonsense\\n`')],
    ['a very deep list', write('"[".repeat(500000) + "\\n"')],
    [
      'bytes that are no text',
      javaScript('Deno.stdout.writeSync(new Uint8Array([255, 254, 0, 10])); return "went on"'),
    ],
    ['being ready again', write('`{"ready":true,"id":null}\\n`')],
  ])('end the process that sends them: %s', async (_, source) => {
    const { output, error } = await run(source);
    expect(error).toBe(
      'The code wrote to a channel that only the sandbox may use, and was stopped.',
    );
    expect(output).toBeNull();
  });

  test('answer the call that sends them, and no other', async () => {
    // Code can guess the id of its call; here it is the first call of its process.
    const forge = write('`{"id":1,"output":"forged \\\\u0000 \\\\ud800"}\\n`');
    expect(await run(forge, 'forger')).toEqual({
      output: 'forged \uFFFD \uFFFD',
      error: null,
      stdout: null,
    });
  });

  test('without an end are cut off', async () => {
    const flood = javaScript(
      'const bytes = new Uint8Array(65536).fill(65); for (;;) Deno.stdout.writeSync(bytes)',
    );
    expect((await run(flood)).error).toBe('The code wrote too much, and was stopped.');
  });

  test('on stderr are read by nobody', async () => {
    const flood = javaScript(
      'const bytes = new Uint8Array(65536); try { for (let i = 0; i < 100; i++) Deno.stderr.writeSync(bytes) } catch (e) { return e.name } return "written"',
    );
    expect(await told(flood)).toMatch(/written|BrokenPipe/);
  });

  test('after the answer end the process, not the next call', async () => {
    const late = javaScript(
      'setTimeout(() => Deno.stdout.writeSync(new TextEncoder().encode("late\\n")), 1_000); return "answered"',
    );
    expect((await run(late, 'late')).output).toBe('answered');
    await expect
      .poll(() => python.processes.some(({ owner }) => owner?.organizationId === 'late'), {
        timeout: 10_000,
      })
      .toBe(false);
    expect((await run('def f():\n    return 1', 'late')).output).toBe('1');
  });

  test('of rebuilt words stay within their organization', async () => {
    const rebuild = `
import json, builtins, __main__
def f():
    json.dumps = json.loads = builtins.len = __main__.run = None
    return "rebuilt"
`;
    await run(rebuild, 'rebuilder');
    await run(
      javaScript('JSON.parse = JSON.stringify = Object.prototype.id = null; return 1'),
      'rebuilder',
    );
    expect((await run('def f():\n    return 1', 'neighbor')).output).toBe('1');
  });
});

describe('bombs', () => {
  // Each attempt ends its process, so each has its own organization, and they run side by side.
  const pool = testPython({
    memoryBytes: 96 * 1024 * 1024,
    timeoutMs: 250,
    maxProcesses: 3,
  });
  afterAll(() => pool.stop());

  test.each([
    ['recursion', 'def f():\n    return f()', /RecursionError/],
    [
      'circular results',
      'def f():\n    x = []\n    x.append(x)\n    return x',
      /neither text nor JSON: Circular/,
    ],
    [
      'huge results',
      'def f():\n    return "x" * 10_000_000',
      /At most 1000000 are allowed \(PYTHON_OUTPUT_CHARACTERS\)/,
    ],
    ['a generator without end', 'def f():\n    while True: yield 1', /neither text nor JSON/],
    [
      'an exception that cannot be told',
      'class X(Exception):\n    def __str__(self): raise X()\ndef f():\n    raise X()',
      /X/,
    ],
    ['an end by sys.exit', 'import sys\ndef f():\n    sys.exit(0)', /SystemExit/],
    ['memory of Python', 'def f():\n    return len(bytearray(10 ** 9))', /MemoryError/],
    [
      'recursion of the parser',
      'def f():\n    return eval("(" * 10000 + ")" * 10000)',
      /Error|ended/,
    ],
    ['an end by os._exit', 'import os\ndef f():\n    os._exit(0)', /./],
    ['an end by Deno.exit', javaScript('Deno.exit(0)'), /ended during the call/],
    ['an abort', javaScript('process.abort()'), /ended during the call/],
    [
      'a pointer to nowhere',
      'import ctypes\ndef f():\n    return ctypes.string_at(2 ** 32 - 8, 8)',
      /./,
    ],
    [
      'an error that nobody catches',
      javaScript('setTimeout(() => { throw new Error("late") }); await new Promise(() => {})'),
      /ended during the call/,
    ],
  ] as const)('are told of as errors: %s', async (_, source, expected) => {
    expect((await run(source)).error).toMatch(expected);
  });

  const stopped =
    /ran longer than 0.25 s \(PYTHON_TIMEOUT_SECONDS\) and was stopped|used more than \d+ MB of memory \(PYTHON_MEMORY_MEGABYTES\) and was stopped|ended during the call/;
  test.concurrent.each([
    ['a loop', 'def f():\n    while True: pass', stopped],
    [
      'a loop that catches all',
      'def f():\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass',
      stopped,
    ],
    ['a loop while it is loaded', 'while True: pass\ndef f(): pass', stopped],
    [
      'a loop that waits',
      'import asyncio\nasync def f():\n    while True: await asyncio.sleep(0)',
      stopped,
    ],
    ['a long sleep', 'import time\ndef f():\n    time.sleep(1000)', stopped],
    ['a promise that is never kept', javaScript('await new Promise(() => {})'), stopped],
    [
      'a queue of tasks without end',
      javaScript('const again = () => queueMicrotask(again); again(); await new Promise(() => {})'),
      stopped,
    ],
    [
      'a search without end',
      'import re\ndef f():\n    return re.match("(a+)+$", "a" * 60 + "b")',
      stopped,
    ],
    ['a number without end', 'def f():\n    return len(str(10 ** 10 ** 9))', /stopped|Error/],
    [
      'a list that grows',
      'def f():\n    x = [0]\n    while True: x += x',
      /MemoryError|stopped|ended/,
    ],
    [
      'memory of JavaScript',
      javaScript('const all = []; for (;;) all.push(new Uint8Array(2 ** 25).fill(1))'),
      stopped,
    ],
    [
      'objects of JavaScript',
      javaScript('const all = []; for (;;) all.push({ all: [...all.slice(-9)] })'),
      stopped,
    ],
    [
      'workers',
      javaScript(
        'for (let i = 0; i < 500; i++) new Worker("data:text/javascript,for(;;);", { type: "module" }); await new Promise(() => {})',
      ),
      stopped,
    ],
    [
      'deep results',
      'def f():\n    x = []\n    for _ in range(100000): x = [x]\n    return x',
      /neither text nor JSON|Error|ended|stopped/,
    ],
    [
      'a description without end',
      'class X:\n    def __repr__(self):\n        while True: pass\ndef f():\n    return X()',
      stopped,
    ],
  ] as const)('stop at a limit: %s', async (title, source, expected) => {
    const { output, error } = await run(source, title, pool);
    expect(`${output ?? ''}${error ?? ''}`).toMatch(expected);
    expect(output?.length ?? 0).toBeLessThan(100);
  });

  test('stop at a limit: what is printed', async () => {
    const { output, stdout, error } = await run(
      'def f():\n    for i in range(10**5): print(i)\n    return "done"',
    );
    expect({ output, error }).toEqual({ output: 'done', error: null });
    expect(stdout).toMatch(
      /^0\n1\n.*\[Cut here: stdout has 100000 characters at most \(PYTHON_STDOUT_CHARACTERS\).\]\n$/s,
    );
    expect(stdout?.length).toBeLessThan(100_100);
  });
});

test('a process that is stopped leaves no folder behind', async () => {
  const pool = testPython();
  onTestFinished(() => pool.stop());
  const { output } = await pool.run(
    ownerIn('a'),
    { source: javaScript('return Deno.cwd()'), inputs: {}, environment: {} },
    signal,
  );
  expect(existsSync(output ?? '')).toBe(true);
  await pool.stop();
  expect(existsSync(output ?? '')).toBe(false);
});
