/**
 * Characters of a rendered template: about two million tokens, more than any model reads. Without
 * it, a page of `{{text}}{{text}}…` could take any amount of memory.
 */
export const maxRenderedLength = 8_000_000;

/**
 * Fuel for a Jinja template that is rendered at once: 10 ms at the most. A typical template takes 66 µs.
 */
export const cheapFuel = 5_000;

/**
 * Fuel for a Jinja template that has a turn of the event loop to itself: 0.1 s at the most. One that
 * inserts a text of a million characters takes about 60 ms.
 */
export const longTurnFuel = 50_000;

/** Fuel for a Jinja template that is rendered in a thread of its own: 0.7 s and 160 MB at the most. */
export const fullFuel = 400_000;

/**
 * Characters of the texts of a template that have code in them: to read so many takes 0.1 s, during
 * which the server answers nobody else. Texts without code may be longer.
 */
export const longestTemplate = 1_000_000;
