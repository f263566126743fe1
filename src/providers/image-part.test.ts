import { expect, test } from 'vitest';
import type { Dialect } from './dialect.ts';
import { imagePart } from './image-part.ts';

const dialect = { title: 'Acme', imageAddresses: 'plain' } as Dialect;

/** The media type and the data of an image, as the package is given them. */
function read(url: string) {
  const { mediaType, data } = imagePart(
    { type: 'image_url', image_url: { url } },
    { dialect, warnings: new Set() },
  );
  return { mediaType, data: data.type === 'data' ? data.data : undefined };
}

const gif = Buffer.from('GIF89a, and so on').toString('base64');
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4, 5]).toString('base64');
const unknown = Buffer.from('no image that we know').toString('base64');

test.each([
  [`data:image/png;base64,${gif}`, 'image/gif'],
  [`data:image/jpg;base64,${jpeg}`, 'image/jpeg'],
  [`data:;base64,${jpeg}`, 'image/jpeg'],
  [`DATA:IMAGE/PNG;BASE64,${jpeg}`, 'image/jpeg'],
  [jpeg, 'image/jpeg'],
  [`data:image/jpg;base64,${unknown}`, 'image/jpeg'],
  [`data:image/svg+xml;base64,${unknown}`, 'image/svg+xml'],
])('the type of an image is what its bytes say, or else its name: %s', (url, mediaType) => {
  expect(read(url).mediaType).toBe(mediaType);
});

test('base64 in lines is sent in one', () => {
  const lines = gif.replace(/(.{6})/g, '$1\r\n');
  expect(read(`data:image/gif;base64,${lines}`).data).toBe(gif);
  expect(read(lines).data).toBe(gif);
});
