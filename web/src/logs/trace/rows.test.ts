import { expect, test } from 'vitest';
import { piecesOf } from './bars.ts';
import { rowsOf } from './rows.ts';
import { scaleOf } from './scale.ts';
import { aNight, at, madeSpan, midnight } from './spans.fixture.ts';
import { traceOf } from './trace.ts';

const trace = traceOf(aNight(), midnight);
const ids = (rows: ReturnType<typeof rowsOf>) =>
  rows.map(({ id, depth }) => `${'  '.repeat(depth)}${id}`);

test('rows are the tree from the top, each span before those below it', () => {
  expect(ids(rowsOf(trace, new Set()))).toEqual([
    'a',
    '  a*1',
    '    b',
    '  a*2',
    '    a*2*call_2',
    '  a*3',
  ]);
});

test('a folded row hides what is below it, and says how much', () => {
  const [root, first, second] = rowsOf(trace, new Set(['a*1']));
  expect([root?.id, first?.id, second?.id]).toEqual(['a', 'a*1', 'a*2']);
  expect(first).toMatchObject({ isOpen: false, hidden: 1, place: 1, siblings: 3, parentId: 'a' });
  expect(rowsOf(trace, new Set(['a']))).toMatchObject([{ id: 'a', hidden: 5 }]);
});

test('what is looked for is shown with all that is above it', () => {
  const rows = rowsOf(trace, new Set(['a']), ({ span }) => span.id === 'b');
  expect(ids(rows)).toEqual(['a', '  a*1', '    b']);
});

test('five equal siblings are one row, which opens', () => {
  const spans = [
    madeSpan('a', [0, 90], { kind: 'flow' }),
    ...[1, 2, 3, 4, 5].map((n) =>
      madeSpan(`s${n}`, [n, n + 1], { parent_id: 'a', name: 'search_docs' }),
    ),
    madeSpan('s6', [7, 8], { parent_id: 'a', name: 'search_docs', status: 'error' }),
    madeSpan('s7', [8, 9], { parent_id: 'a', name: 'search_docs' }),
  ];
  const searches = traceOf(spans, midnight);
  const folded = rowsOf(searches, new Set());
  expect(ids(folded)).toEqual(['a', '  group:s1', '  s6', '  s7']);
  expect(folded[1]).toMatchObject({ hasBelow: true, isOpen: false, hidden: 5, siblings: 3 });
  expect(ids(rowsOf(searches, new Set(['group:s1']))).slice(1, 4)).toEqual([
    '  group:s1',
    '    s1',
    '    s2',
  ]);
});

test('10,000 spans, or a chain of 5,000, are laid out without a deep call', () => {
  const wide = Array.from({ length: 10_000 }, (_, n) =>
    madeSpan(`w${n}`, [n, n + 1], { parent_id: 'a', name: `n${n}` }),
  );
  const chain = Array.from({ length: 5_000 }, (_, n) =>
    madeSpan(`c${n}`, [0, 1], { parent_id: n === 0 ? null : `c${n - 1}` }),
  );
  expect(rowsOf(traceOf([madeSpan('a', [0, 9]), ...wide], midnight), new Set())).toHaveLength(
    10_001,
  );
  expect(rowsOf(traceOf(chain, midnight), new Set()).at(-1)).toMatchObject({ depth: 4_999 });
});

test('a bar has a pale head until the first token, and a wait in the place of work', () => {
  const { byId } = traceOf(
    [
      madeSpan('a', [0, 1_000], {
        kind: 'agent',
        first_token_at: at(100),
        waits: [{ from: at(400), until: at(500) }],
      }),
    ],
    midnight,
  );
  const scale = scaleOf([0, 1_000], 1_000, []);
  const options = { width: 1_000, now: 1_000 };
  const [timed] = [...byId.values()];
  expect(timed && piecesOf(timed, scale, options)).toEqual([
    { look: 'work', left: 0, width: 400 },
    { look: 'wait', left: 400, width: 100 },
    { look: 'work', left: 500, width: 500 },
    { look: 'head', left: 0, width: 100 },
  ]);
});

test('a bar ends at the edges of the lane, and one that is shorter than a pixel can be seen', () => {
  const { byId } = traceOf([madeSpan('a', [0, 10]), madeSpan('b', [5, 5.001])], midnight);
  const [long, short] = [...byId.values()];
  const zoomed = scaleOf([4, 6], 100, []);
  const options = { width: 100, now: 10 };
  expect(long && piecesOf(long, zoomed, options)).toEqual([{ look: 'work', left: 0, width: 100 }]);
  expect(short && piecesOf(short, zoomed, options)[0]?.width).toBe(3);
  expect(short && piecesOf(short, scaleOf([8, 9], 100, []), options)).toEqual([]);
});
