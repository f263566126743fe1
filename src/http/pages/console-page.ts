import { assetUrl } from './assets.ts';
import { type Html, html } from './html.ts';

/** The API reference: Swagger UI with our document. An API key typed into it stays in memory. */
export async function consolePage(): Promise<Html> {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API reference · Loopwright</title>
<link rel="icon" type="image/svg+xml" href="${await assetUrl('icon.svg')}">
<link rel="stylesheet" href="${await assetUrl('swagger-ui.css')}">
<link rel="stylesheet" href="${await assetUrl('tokens.css')}">
<link rel="stylesheet" href="${await assetUrl('console.css')}">
<script src="${await assetUrl('swagger-ui-bundle.js')}" defer></script>
<script src="${await assetUrl('console.js')}" defer></script>
</head>
<body>
<header>
  <a href="/"><img src="${await assetUrl('icon.svg')}" alt="" width="22" height="22">Loopwright</a>
  <span>API reference</span>
  <a class="document" href="/openapi.json">openapi.json</a>
</header>
<main id="console"><noscript><p>This page needs JavaScript. The same reference is in
<a href="/openapi.json">openapi.json</a>.</p></noscript></main>
</body>
</html>
`;
}
