/**
 * Characters of a rendered template: about two million tokens, more than any model reads. Without
 * it, a page of `{{text}}{{text}}…` could take any amount of memory.
 */
export const maxRenderedLength = 8_000_000;
