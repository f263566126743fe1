import { beforeAll, expect, test } from 'vitest';
import { startUi, takePicture } from './ui.ts';

const ui = await startUi();
const { server } = ui;
const many = 10_000;

beforeAll(async () => {
  const { body } = await server.post('/v5/flows/log', {
    path: 'Plays/Many',
    flow: { attributes: { version: 1 } },
    inputs: { question: 'How many?' },
    output: 'Many.',
    log_id: 'many-1',
    start_time: '2026-11-01T10:00:00Z',
    end_time: '2026-11-01T10:02:00Z',
  });
  const { body: tool } = await server.post('/v5/tools/log', {
    path: 'Plays/step',
    tool: { function: { name: 'step', description: 'A step.' } },
    inputs: { n: 0 },
    output: 'done',
    log_id: 'many-1-0',
    trace_parent_id: 'many-1',
  });
  expect({ body, tool }).toMatchObject({ body: { id: 'many-1' }, tool: { id: 'many-1-0' } });
  // Ten thousand requests would take minutes.
  await server.sql(
    `INSERT INTO log SELECT (jsonb_populate_record(log, jsonb_build_object(
       'id', 'many-1-' || n,
       'start_time', '2026-11-01T10:00:00Z'::timestamptz + n * interval '12 ms',
       'end_time', '2026-11-01T10:00:00Z'::timestamptz + (n + 1 + n % 40) * interval '12 ms',
       'created_at', '2026-11-01T10:00:00Z'::timestamptz + n * interval '12 ms',
       'trace_parent_id', CASE WHEN n % 5 = 1 THEN 'many-1' ELSE 'many-1-' || (n - (n - 1) % 5) END
     ))).*
     FROM log, generate_series(1, $1) n WHERE id = 'many-1-0'`,
    [many],
  );
}, 180_000);

test('10,000 spans: few rows in the page, and the last one is reached by a key', async () => {
  const page = await ui.open('/logs/many-1');
  const grid = page.getByRole('treegrid', { name: 'Trace' });
  await expect
    .poll(() => grid.getAttribute('aria-rowcount'), { timeout: 60_000 })
    .toMatch(/^1\d{4}$/);
  await expect.poll(() => grid.getByRole('row').count()).toBeLessThan(80);
  expect(await page.evaluate<number>('document.querySelectorAll("*").length')).toBeLessThan(2_500);
  await takePicture(page, 'many-spans');
  await grid.focus();
  await page.keyboard.press('End');
  const rows = await grid.getAttribute('aria-rowcount');
  await grid.locator(`[aria-rowindex="${rows}"][aria-selected=true]`).waitFor();
  await expect.poll(() => grid.getByRole('row').count()).toBeLessThan(80);
});
