/** A text without the slashes at its end. A loop, since `/\/+$/` takes quadratic time. */
export function withoutSlashes(text: string): string {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}

/** A text without the slashes at its beginning and its end. */
export function betweenSlashes(text: string): string {
  let start = 0;
  while (text[start] === '/') start += 1;
  return withoutSlashes(text.slice(start));
}
