import { type Attack, times } from '../attack.ts';

/** Code that takes all it can get. What it cannot reach is proven in `src/tools/python`. */
export const attacksOfPython: readonly Attack[] = [
  {
    name: '20 tools that compute without an end, and a call that leaves a timer',
    play: ({ send }) =>
      Promise.all([
        times(20, (index) => send('POST', '/v5/tools/call', tool(index, 'while True: pass'))),
        send('POST', '/v5/tools/call', tool(100, leaveTimer)),
      ]),
  },
  {
    name: 'eight tools that take memory and print without an end',
    play: ({ send }) =>
      times(8, (index) =>
        send('POST', '/v5/tools/call', tool(index + 200, index % 2 ? takeMemory : print)),
      ),
  },
  {
    name: 'a tool that returns a million characters, eight times at once',
    play: ({ send }) =>
      times(8, () => send('POST', '/v5/tools/call', tool(300, 'return "x" * 999_000'))),
  },
];

const tool = (index: number, line: string) => ({
  path: `a/python${index}`,
  tool: { source_code: `def f():\n    ${line}\n` },
});

const takeMemory = 'a = [bytearray(1_000_000) for _ in range(10_000)]';
const print = 'while True: print("x" * 100_000)';
const leaveTimer =
  'from pyodide.ffi import to_js; to_js([1]).constructor.constructor("setInterval(() => { const t = Date.now(); while (Date.now() - t < 90); }, 100)")()';
