import type { LanguageModelV4FilePart } from '@ai-sdk/provider';
import type { ChatContentPart } from '../contract/chat.ts';
import type { Dialect } from './dialect.ts';
import { imageType } from './image-type.ts';

interface Context {
  readonly dialect: Dialect;
  readonly warnings: Set<string>;
}

/**
 * An image in the form that the AI SDK packages take and the vendor supports.
 *
 * @throws Error for a text that is no image, or an image that the vendor cannot take. The message
 *   continues a sentence after a colon.
 */
export function imagePart(
  { image_url: { url, detail } }: ChatContentPart & { readonly type: 'image_url' },
  { dialect, warnings }: Context,
): LanguageModelV4FilePart {
  if (detail && detail !== 'auto' && !dialect.hasImageDetail) {
    warnings.add(`${dialect.title} does not support \`detail\` of images; it was left out.`);
  }
  return {
    type: 'file',
    ...typed(imageData(url), { dialect, warnings }),
    ...(detail && dialect.hasImageDetail
      ? { providerOptions: { [dialect.key]: { imageDetail: detail } } }
      : {}),
  };
}

/** Media types by the ending of a URL's path. */
const imageTypes: readonly (readonly [RegExp, string])[] = [
  [/\.png$/i, 'image/png'],
  [/\.jpe?g$/i, 'image/jpeg'],
  [/\.gif$/i, 'image/gif'],
  [/\.webp$/i, 'image/webp'],
];

type ImageData = Pick<LanguageModelV4FilePart, 'data' | 'mediaType'>;

/** The image in a form that the vendor takes. */
function typed(image: ImageData, { dialect, warnings }: Context): ImageData {
  if (image.data.type !== 'url' || dialect.imageAddresses === 'plain') return image;
  if (dialect.imageAddresses === 'none') {
    throw new Error('an image is given by its URL, but only images as base64 data are accepted.');
  }
  const { pathname } = image.data.url;
  const [, type] = imageTypes.find(([ending]) => ending.test(pathname)) ?? [];
  if (type === undefined) {
    warnings.add(
      `${dialect.title} needs the type of an image; an image whose URL does not show it was sent as JPEG.`,
    );
  }
  return { ...image, mediaType: type ?? 'image/jpeg' };
}

const dataUrl = /^data:(image\/[\w.+-]+)?((?:;[\w-]+=[^;,]*)*)(;base64)?,(.*)$/is;
const base64 = /^[\w+/-]+={0,2}$/;

function imageData(url: string): ImageData {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) {
    return { mediaType: 'image/*', data: { type: 'url', url: new URL(url) } };
  }
  const [, type, , isBase64, given] = dataUrl.exec(url.trim()) ?? [];
  if (given !== undefined) {
    return typedData(
      // Lines of base64 are common in mails and files, and refused by vendors.
      isBase64
        ? given.replace(/\s+/g, '')
        : Buffer.from(decodeURIComponent(given)).toString('base64'),
      type?.toLowerCase(),
    );
  }
  // Some clients send the bare base64 data.
  const bare = url.replace(/\s+/g, '');
  if (base64.test(bare)) return typedData(bare, undefined);
  throw new Error('an image has a URL that is neither http(s) nor base64 data.');
}

function typedData(data: string, named: string | undefined): ImageData {
  // `image/jpg` is common, but not registered.
  const type = named?.replace(/^image\/jpg$/, 'image/jpeg') ?? 'image/*';
  return { mediaType: imageType(data) ?? type, data: { type: 'data', data } };
}
