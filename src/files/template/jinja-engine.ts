import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { compileFunction, createContext, Script } from 'node:vm';
import type { Environment } from 'minijinja-js';
import { maxRenderedLength } from './template-limits.ts';

/** Why rendering stopped: an error of the template, with its line, or a limit, without a line. */
export class JinjaError extends Error {
  readonly textIndex: number;
  readonly line: number | undefined;

  constructor(message: string, textIndex: number, line: number | undefined) {
    super(message);
    this.name = 'JinjaError';
    this.textIndex = textIndex;
    this.line = line;
  }
}

/**
 * Renders each text as Jinja, all of them within one second.
 *
 * MiniJinja counts steps (its fuel), but one step can be `{{ "x" * 400000000 }}`, or can upper-case
 * ten megabytes; and a template that crashes it (`{{ ----…1 }}`) leaves it unusable. So it also
 * runs with limits on memory and time, and is replaced after any end that is not its own result or
 * error.
 *
 * @throws JinjaError
 */
export function runJinja(
  texts: readonly string[],
  inputs: Readonly<Record<string, unknown>>,
): string[] {
  engine ??= startEngine();
  const task: Task = { environment: engine.environment, texts, inputs, rendered: [] };
  try {
    engine.run(task);
  } catch (error) {
    throw asJinjaError(error, task.rendered.length);
  }
  return task.rendered;
}

interface Task {
  readonly environment: Environment;
  readonly texts: readonly string[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly rendered: string[];
}

interface Engine {
  readonly environment: Environment;
  run(task: Task): void;
}

let engine: Engine | undefined;

const maxSteps = 1_000_000;
const timeoutMs = 1_000;
const maxMemoryPages = 2_048; // of 64 KiB: 128 MiB

function startEngine(): Engine {
  const { Environment } = loadMinijinja();
  const environment = new Environment();
  environment.undefinedBehavior = 'strict';
  environment.fuel = maxSteps;
  environment.keepTrailingNewline = true;
  // Templates written for Jinja2 call methods of Python's strings, lists and dicts.
  environment.enablePyCompat();
  environment.removeGlobal('debug');

  // Run through a script: its time limit is the only way to stop WebAssembly in its own thread.
  const sandbox = { start: () => {} };
  const script = new Script('start()');
  const context = createContext(sandbox);
  return {
    environment,
    run: (task) => {
      sandbox.start = () => renderAll(task);
      try {
        script.runInContext(context, { timeout: timeoutMs });
      } finally {
        sandbox.start = () => {};
      }
    },
  };
}

function renderAll({ environment, texts, inputs, rendered }: Task): void {
  let length = 0;
  for (const text of texts) {
    const result = environment.renderStr(text, inputs);
    length += result.length;
    if (length > maxRenderedLength) {
      throw new JinjaError('its output is too long', rendered.length, undefined);
    }
    rendered.push(result);
  }
}

function asJinjaError(error: unknown, textIndex: number): JinjaError {
  if (error instanceof JinjaError) return error;
  // MiniJinja's errors have a line number. Their first line is the message, the rest an excerpt.
  const own = error instanceof Error && /^(.*) \(in <string>:(\d+)\)/.exec(error.message);
  if (!own) {
    engine = undefined;
    return new JinjaError('it takes too much time, memory or nesting', textIndex, undefined);
  }
  const [, message = '', line] = own;
  return message.includes('out of fuel')
    ? new JinjaError('it takes too many steps', textIndex, undefined)
    : new JinjaError(message, textIndex, Number(line));
}

/**
 * Loads a new, isolated MiniJinja. A normal import is loaded once: it could not be replaced, and
 * its memory could grow to 4 GiB. `FinalizationRegistry` is hidden from it, because the garbage
 * collection of a crashed engine would otherwise run that engine once more, and no code could catch
 * its error.
 */
function loadMinijinja(): { readonly Environment: typeof Environment } {
  const require = createRequire(import.meta.url);
  const path = require.resolve('minijinja-js');
  const limited = withMaxMemory(readFileSync(join(dirname(path), 'minijinja_js_bg.wasm')));
  const files = { readFileSync: () => limited };
  const module = { exports: {} };
  const load = compileFunction(
    readFileSync(path, 'utf8'),
    ['module', 'exports', 'require', '__dirname', 'FinalizationRegistry'],
    { filename: path },
  );
  load(module, module.exports, (name: string) => (name === 'fs' ? files : require(name)), '');
  return module.exports as { readonly Environment: typeof Environment };
}

/**
 * Adds a maximum to the memory of a WebAssembly module that has none. Binary format:
 * https://webassembly.github.io/spec/core/binary/modules.html
 */
function withMaxMemory(wasm: Uint8Array): Uint8Array {
  const memorySection = 5;
  const noMaximum = 0;
  let at = 8;
  for (;;) {
    const size = readUnsigned(wasm, at + 1);
    if (wasm[at] === memorySection) {
      const [memories, flags, ...minimum] = wasm.subarray(size.end, size.end + size.value);
      if (memories !== 1 || flags !== noMaximum) throw new Error('MiniJinja has other memory.');
      const section = [1, 1, ...minimum, ...unsigned(maxMemoryPages)];
      const replacement = Uint8Array.from([memorySection, section.length, ...section]);
      return Buffer.concat([
        wasm.subarray(0, at),
        replacement,
        wasm.subarray(size.end + size.value),
      ]);
    }
    at = size.end + size.value;
    if (at >= wasm.length) throw new Error('MiniJinja has no memory.');
  }
}

/** Reads a number in LEB128: seven bits a byte, lowest first. */
function readUnsigned(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  let end = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[end++] ?? 0;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return { value, end };
  }
}

function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}
