import { expect, test } from 'vitest';
import { accessibilityFaults } from '../browser/accessibility.ts';
import { startUi, takePicture, testLooks } from './ui.ts';

const ui = await startUi();

testLooks(
  'first-run',
  ui,
  () => '/',
  (page) => page.getByRole('heading', { name: 'No logs yet' }).waitFor(),
);
testLooks(
  'directory',
  ui,
  () => '/dir',
  (page) => page.getByRole('link', { name: 'Banking' }).waitFor(),
);
testLooks(
  'appearance',
  ui,
  () => '/settings/appearance',
  (page) => page.getByRole('radio', { name: 'Dark' }).waitFor(),
);

test('the palette finds a file by its name, and a key leads there', async () => {
  const page = await ui.open('/');
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /^Find a file/ });
  await field.fill('teller');
  await page.getByRole('option', { name: /Teller Agent/ }).waitFor();
  await takePicture(page, 'palette');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.getByRole('option', { name: /Teller Agent/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Editor', level: 1 }).waitFor();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/f\/ag_\w+\/editor$/);
});

test('the help lists the shortcuts, Escape closes it, and the focus returns', async () => {
  const page = await ui.open('/');
  const help = page.getByRole('button', { name: 'Keyboard shortcuts' });
  await help.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('Zoom out to all').waitFor();
  await takePicture(page, 'help');
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.keyboard.press('Escape');
  const focused = () => page.evaluate('document.activeElement.getAttribute("aria-label")');
  await expect.poll(focused).toBe('Keyboard shortcuts');
});

test('letters go to pages, but not while one types, and not when they are switched off', async () => {
  const page = await ui.open('/settings/appearance');
  await page.getByRole('switch', { name: /Single letters/ }).uncheck();
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.getByRole('switch', { name: /Single letters/ }).check();
  await expect.poll(() => new URL(page.url()).pathname).toBe('/settings/appearance');
  await page.getByRole('heading', { name: 'Appearance', level: 1 }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.getByRole('heading', { name: 'All logs', level: 1 }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('gh');
  await expect.poll(() => new URL(page.url()).pathname).toBe('/logs');
});

test('the theme is kept, and shows before the page does', async () => {
  const page = await ui.open('/settings/appearance', { colorScheme: 'light' });
  await page.getByRole('radio', { name: 'Dark' }).check();
  const isDark = () => page.evaluate<boolean>('document.documentElement.matches(".dark")');
  expect(await isDark()).toBe(true);
  await page.reload({ waitUntil: 'commit' });
  await expect.poll(isDark).toBe(true);
  await page.getByRole('radio', { name: 'As the system' }).check();
  expect(await isDark()).toBe(false);
});

test('on a phone the sidebar is a sheet, which closes when a link is followed', async () => {
  const page = await ui.open('/', { viewport: { width: 390, height: 844 }, hasTouch: true });
  await page.getByRole('button', { name: 'Open navigation' }).click();
  const sheet = page.getByRole('dialog', { name: 'Navigation' });
  await sheet.getByRole('link', { name: 'All logs' }).waitFor();
  await takePicture(page, 'navigation-phone');
  expect(await accessibilityFaults(page)).toEqual([]);
  await sheet.getByRole('link', { name: 'All logs' }).click();
  await page.getByRole('heading', { name: 'All logs', level: 1 }).waitFor();
  await expect.poll(() => sheet.count()).toBe(0);
});

test('an icon says what it does when the pointer rests on it, and Escape takes that away', async () => {
  const page = await ui.open('/');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).hover();
  await page.getByRole('tooltip').getByText('Keyboard shortcuts').waitFor();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.getByRole('tooltip').count()).toBe(0);
});

const noPages = ['/nonsense', '/sign-in', '/files/x', '/f/%00', '/f/%E0%A4%A'];

test.each(noPages)('%s is no page, which the server also says in its status', async (path) => {
  const answers = async (accept: string) => {
    const response = await fetch(`${ui.server.url}${path}`, { headers: { accept } });
    return [response.status, response.headers.get('content-type')];
  };
  expect(await answers('text/html,*/*')).toEqual([404, 'text/html; charset=utf-8']);
  const [status, type] = await answers('*/*');
  expect(status).toBeOneOf([400, 404, 422]);
  expect(type).toMatch(/json/);
});

test('below /v5 a browser gets the refusal itself', async () => {
  const headers = { accept: 'text/html' };
  const response = await fetch(`${ui.server.url}/v5/nonsense`, { headers });
  expect(response.headers.get('content-type')).toMatch(/json/);
});

test.each([
  ...noPages.map((path) => [path, /no such (page|file)/] as const),
  ['/settings/nothing', /no such page/],
  ['/f/nonsense', /no such file/],
  ['/f/ag_nonsense', /no such file/],
  ['/logs/nonsense', /no such log/],
  ['/dir/nonsense', /no such directory/],
  ['/f/ag_nonsense/rows', /no such page/],
] as const)('%s says that there is nothing, in the frame, with a way on', async (path, says) => {
  const page = await ui.open(path, { expectedError: /status of 4\d\d/ });
  await page.getByRole('heading', { name: says }).waitFor();
  await expect.poll(() => page.title()).toMatch(says);
  await page.getByRole('complementary', { name: 'Sidebar' }).waitFor();
  expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Go to Home' }).click();
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
});

test('who is not signed in is told that there is no such page', async () => {
  const page = await ui.open('/nonsense', { isSignedIn: false, expectedError: /status of 40[14]/ });
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor();
});
