import type { FirstCommand } from '../../first-run/first-commands.ts';
import { assetUrl } from './assets.ts';
import { documents, type Home, links, whatItDoes, whatItIs } from './home.ts';
import { type Html, html } from './html.ts';

/** The page at `/` for browsers. It is complete without its script, which makes it live. */
export async function homePage({ version, url, notReady, commands }: Home): Promise<Html> {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Loopwright</title>
<meta name="description" content="${whatItIs}">
<link rel="icon" type="image/svg+xml" href="${await assetUrl('icon.svg')}">
<link rel="stylesheet" href="${await assetUrl('tokens.css')}">
<link rel="stylesheet" href="${await assetUrl('home.css')}">
<script src="${await assetUrl('home.js')}" defer></script>
</head>
<body>
<header>
  <img src="${await assetUrl('icon.svg')}" alt="" width="28" height="28">
  <h1>Loopwright</h1>
  <span class="version">${version}</span>
  <p class="readiness" role="status" data-state="${notReady === undefined ? 'ready' : 'not-ready'}">${
    notReady === undefined ? 'Ready' : `Not ready: ${notReady}`
  }</p>
</header>
<main>
  <p class="lead">${whatItIs} ${whatItDoes}</p>

  <section aria-labelledby="first-commands">
    <h2 id="first-commands">First commands</h2>
    <p>Set your API key first: <code>export KEY=lw_sk_…</code> (the first start printed one;
    <code>npm run create-key</code> makes another).</p>
    <ol class="commands">${commands.map((command, index) => commandItem(command, index + 1, url))}</ol>
    <p class="said unseen" role="status"></p>
  </section>

  <section aria-labelledby="this-server">
    <h2 id="this-server">On this server</h2>
    <ul class="rows">${links.map(
      ({ path, name, about }) =>
        html`<li><a href="${path}">${name} <code>${path}</code></a><span>${about}</span></li>`,
    )}</ul>
  </section>

  <section aria-labelledby="repository">
    <h2 id="repository">In the repository</h2>
    <dl class="rows">${documents.map(
      ({ file, about }) => html`<div><dt><code>${file}</code></dt><dd>${about}</dd></div>`,
    )}</dl>
  </section>
</main>
</body>
</html>
`;
}

function commandItem({ title, effect, command }: FirstCommand, number: number, url: string): Html {
  const id = `command-${number}`;
  const [before = '', after = ''] = command.split(url);
  return html`
    <li>
      <div class="title">
        <div><h3>${title}</h3><p>${effect}.</p></div>
        <button type="button" data-copies="${id}" hidden>Copy<span class="unseen"> the command: ${title}</span></button>
      </div>
      <pre><code id="${id}">${before}<span data-origin>${url}</span>${after}</code></pre>
    </li>`;
}
