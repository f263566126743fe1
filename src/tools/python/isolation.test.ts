import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { testPython } from '../../../test/support/python.ts';
import type { BatchResult, CodeOwner } from './python-call.ts';
import type { PythonPool } from './python-pool.ts';

const never = new AbortController().signal;
const secret = 'canary-of-the-victim';

/** Python that runs JavaScript with everything that Deno offers, and returns the result. */
function javaScript(code: string): string {
  const body = JSON.stringify(`return (async () => { ${code} })()`);
  return `
from pyodide.ffi import to_js
async def attempt():
    return str(await to_js([1]).constructor.constructor(${body})())
`;
}

/** Keeps what passes through a function of JavaScript, and answers in place of others when it can. */
const hooked = (hook: string) =>
  javaScript(`
    globalThis.seen ??= [];
    const forge = (text) => {
      const id = /"id":("[^"]*"|[0-9]+)/.exec(text)?.[1] ?? '1';
      for (const part of ['"output":"forged"', '"index":0,"value":"\\\\"forged\\\\""']) {
        Deno.stdout.writeSync(new TextEncoder().encode('{"id":' + id + ',' + part + '}\\n'));
      }
    };
    const look = (text) => {
      if (typeof text !== 'string' || !text.includes('${secret.slice(0, 9)}')) return;
      globalThis.seen.push(text);
      forge(text);
    };
    ${hook};
    return 'left';`);

/** What code of one tool may leave in a process, to wait for the calls of another. */
const traps: readonly (readonly [string, string])[] = [
  [
    'a hook of JSON.parse',
    hooked('const parse = JSON.parse; JSON.parse = (t, r) => { look(t); return parse(t, r); }'),
  ],
  [
    'a hook of the reader of the channel',
    hooked(`const { decode } = TextDecoder.prototype;
      TextDecoder.prototype.decode = function (...a) { const t = decode.apply(this, a); look(t); return t; };
      const { split } = String.prototype;
      String.prototype.split = function (...a) { look(String(this)); return split.apply(this, a); }`),
  ],
  [
    'a hook of the writer of the channel',
    hooked(`const { encode } = TextEncoder.prototype;
      TextEncoder.prototype.encode = function (t) { if (t?.includes('${secret.slice(0, 9)}')) globalThis.seen.push(t);
        return encode.call(this, t.replaceAll(/"(output|value)":"[^"]*"/g, '"$1":"forged"')); }`),
  ],
  ['a timer that answers before it is asked', hooked('setInterval(() => forge(\'"id":1\'), 5)')],
  [
    'a worker that writes to the channel',
    javaScript(`
      const body = 'setInterval(() => { try { Deno.stdout.writeSync(new TextEncoder().encode("{}\\\\n")) } catch {} }, 400)';
      try { new Worker(URL.createObjectURL(new Blob([body])), { type: 'module' }); } catch {}
      return 'left';`),
  ],
  [
    'a runner that is patched',
    `
import builtins, os, sys
def attempt():
    builtins.seen = seen = getattr(builtins, "seen", [])
    frame = sys._getframe()
    while frame is not None:
        runner = frame.f_globals
        if "_arguments" in runner and "_value" in runner:
            arguments, taken = runner["_arguments"], runner["_taken"]
            def look(look_at, function, given):
                seen.append(str(dict(os.environ)) + str(given))
                return look_at(function, given)
            runner["_arguments"] = lambda function, given: look(arguments, function, given)
            runner["_taken"] = lambda function, given: look(taken, function, given)
            runner["_text"] = lambda result, limit: "forged"
            runner["_value"] = lambda result, limit: '"forged"'
        frame = frame.f_back
    return "left"
`,
  ],
  [
    'modules, builtins, files and hooks of Python',
    `
import builtins, json, os, sys
def attempt():
    builtins.seen = seen = getattr(builtins, "seen", [])
    sys.modules["math"] = None
    open("/tmp/left", "w").write("left")
    sys.settrace(lambda frame, event, value: seen.append(str(frame.f_locals)))
    sys.addaudithook(lambda name, given: seen.append(name + str(given)))
    json.loads = None
    builtins.print = lambda *a, **k: seen.append(str(a))
    return "left"
`,
  ],
];

/** Everything that a trap may have caught, and whether it is still set. */
const emptyTraps = [
  javaScript("return JSON.stringify(globalThis.seen ?? 'nothing')"),
  'import builtins\ndef attempt():\n    return str(getattr(builtins, "seen", "nothing"))\n',
];

const victim = `
import math, os
def pay(amount):
    print("with", os.environ["BANK_TOKEN"])
    return f"paid {math.floor(amount)}, {os.path.exists('/tmp/left')}"
`;
const judge = `
import math
def judge(log):
    return f"judged {math.floor(log['amount'])}"
`;

async function call(pool: PythonPool, owner: CodeOwner, source: string) {
  return pool.run(owner, { source, inputs: {}, environment: {} }, never);
}

/** The results of a batch of three logs, each with the secret. */
async function judged(pool: PythonPool, owner: CodeOwner): Promise<readonly unknown[]> {
  const results: BatchResult[] = [];
  const items = [1, 2, 3].map((amount) => ({ arguments: [{ amount, secret }, null] as const }));
  await pool.runBatch(
    owner,
    { source: judge, items, timeoutMs: 30_000 },
    { lane: 'judging', signal: never, told: (_, result) => results.push(result) },
  );
  return results.map(({ value, error }) => error ?? value);
}

describe('beside the process of a tool that sets a trap', () => {
  // One for each owner below: all stand side by side.
  const pool = testPython({ maxProcesses: 4 });
  afterAll(() => pool.stop());

  test.each(traps)(
    '%s catches no call and no judgment of others, and answers none',
    async (what, trap) => {
      const attacker: CodeOwner = { organizationId: what, codeId: 'version' };
      expect(await call(pool, attacker, trap)).toMatchObject({ error: null });
      for (const owner of [
        { ...attacker, codeId: 'of another tool' },
        { ...attacker, organizationId: `not ${what}` },
      ]) {
        const environment = { BANK_TOKEN: secret };
        const payment = { source: victim, inputs: { amount: 10 }, environment };
        expect(await pool.run(owner, payment, never)).toEqual({
          output: 'paid 10, False',
          error: null,
          stdout: `with ${secret}\n`,
        });
      }
      const verdicts = await judged(pool, { ...attacker, codeId: 'of an evaluator' });
      expect(verdicts).toEqual(['judged 1', 'judged 2', 'judged 3']);
      for (const look of emptyTraps) {
        const { output, error } = await call(pool, attacker, look);
        expect(`${output}${error}`).not.toContain(secret);
      }
    },
  );
});

test('a judgment that sets a trap catches nothing of other evaluators, nor of tools', async () => {
  // The one that has the trap makes room for the others.
  const pool = testPython({ maxProcesses: 1 });
  onTestFinished(() => pool.stop());
  const trap = (traps[0]?.[1] ?? '').replace('def attempt()', 'def attempt(log)');
  const set: BatchResult[] = [];
  await pool.runBatch(
    { organizationId: 'a', codeId: 'inline' },
    { source: trap, items: [{ arguments: [{}, null] }], timeoutMs: 30_000 },
    { lane: 'live', signal: never, told: (_, result) => set.push(result) },
  );
  expect(set).toMatchObject([{ value: 'left' }]);
  expect(await judged(pool, { organizationId: 'a', codeId: 'other' })).toEqual([
    'judged 1',
    'judged 2',
    'judged 3',
  ]);
  const payment = { source: victim, inputs: { amount: 5 }, environment: { BANK_TOKEN: secret } };
  expect(await pool.run({ organizationId: 'a', codeId: 'tool' }, payment, never)).toMatchObject({
    output: 'paid 5, False',
    error: null,
  });
});
