/**
 * The characters that a rendering may come to: some two million tokens, more than any model reads.
 * Without it a page of `{{text}}{{text}}…` is as much memory as its author likes.
 */
export const maxRenderedLength = 8_000_000;
