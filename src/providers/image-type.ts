/** How files of the image types that vendors accept begin. */
const beginnings: readonly (readonly [string, RegExp])[] = [
  ['image/png', /^\x89PNG/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF[\s\S]{4}WEBP/],
  ['image/bmp', /^BM/],
  ['image/tiff', /^(?:II\x2a\0|MM\0\x2a)/],
  ['image/avif', /^[\s\S]{4}ftypavi[fs]/],
  ['image/heic', /^[\s\S]{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)/],
];

/**
 * The media type of an image by its first bytes; undefined when they tell none. Vendors refuse an
 * image whose type is not that of its bytes, and clients often send another.
 */
export function imageType(base64: string): string | undefined {
  const start = Buffer.from(base64.slice(0, 32), 'base64').toString('latin1');
  return beginnings.find(([, beginning]) => beginning.test(start))?.[0];
}
