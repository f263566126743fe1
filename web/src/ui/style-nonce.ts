// Some parts put a style element into the page: Radix while a dialog is open, CodeMirror with its first
// editor. The content policy refuses those without the nonce of the page. Radix asks for it by this name.
const meta = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]');

/** The nonce of this page, for style elements. */
export const styleNonce = meta?.content ?? '';

Object.assign(globalThis, { __webpack_nonce__: styleNonce });
