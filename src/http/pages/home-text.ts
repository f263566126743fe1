import { documents, type Home, links, whatItDoes, whatItIs } from './home.ts';

/** The text at `/` for clients that do not ask for HTML, such as curl. */
export function homeText({ version, url, notReady, commands }: Home): string {
  return [
    `Loopwright ${version}`,
    whatItIs,
    whatItDoes,
    '',
    notReady === undefined ? 'Ready.' : `Not ready: ${notReady}`,
    '',
    'Set your API key first: export KEY=lw_sk_…\n(the first start printed one; `npm run create-key` makes another).',
    ...commands.flatMap(({ title, effect, command }) => ['', `${title}. ${effect}:`, '', command]),
    '',
    ...links.map(({ path, about }) => `${`${url}${path}`.padEnd(url.length + 16)}${about}`),
    '',
    'In the repository:',
    ...documents.map(({ file, about }) => `${file.padEnd(20)}${about}`),
    '',
  ].join('\n');
}
