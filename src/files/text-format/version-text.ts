import type { FileVersion } from '../file-version.ts';
import { asRequested } from '../given-defaults.ts';
import { kindOf } from '../kinds/index.ts';
import { withoutSealedHeaders } from '../secrets/mcp-headers.ts';
import { printSpecText, type TextOptions } from './print-spec-text.ts';

/** The text of a file with a stored version, of a kind that has such a form. */
export function versionText(
  { type, spec }: Pick<FileVersion, 'type' | 'spec'>,
  options?: TextOptions,
): string {
  const kind = kindOf(type);
  return printSpecText(kind, asRequested(withoutSealedHeaders(kind, spec)), options);
}
