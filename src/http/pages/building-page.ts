import { assetUrl } from './assets.ts';
import { type Html, html } from './html.ts';

/** In place of each page of the web UI while that is being built. It looks again by itself. */
export async function buildingPage(): Promise<Html> {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Loopwright</title>
<link rel="icon" type="image/svg+xml" href="${await assetUrl('icon.svg')}">
<link rel="stylesheet" href="${await assetUrl('tokens.css')}">
<link rel="stylesheet" href="${await assetUrl('home.css')}">
<script src="${await assetUrl('building.js')}" defer></script>
<noscript><meta http-equiv="refresh" content="3"></noscript>
</head>
<body>
<header>
  <img src="${await assetUrl('icon.svg')}" alt="" width="28" height="28">
  <h1>Loopwright</h1>
</header>
<main>
  <p class="lead" role="status">The web UI is being built. It comes by itself, in less than a minute.</p>
  <p>The first start does this once. The API works already.</p>
</main>
</body>
</html>
`;
}
