import type { ChatMessage } from '../../contract/chat.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { Fault } from '../../kernel/errors.ts';
import { skipSpace } from './message-text.ts';
import { printMessages } from './print-messages.ts';
import { readMessages } from './read-messages.ts';
import type { TextFault } from './text-faults.ts';

/** A template in canonical form, without nulls. */
export type Template = string | readonly ChatMessage[];

/** The template that the content of a file defines. */
export interface ReadContent {
  /** Undefined when the content is empty. */
  readonly template: Template | undefined;
  readonly faults: readonly TextFault[];
  /** The offset of a part of the template in the content: `[0, 'content', 1]`. */
  readonly offsetOf: (loc: Fault['loc']) => number;
}

/** Reads the content of a file: messages in tags for `chat`, plain text for other endpoints. */
export function readContent(content: string, endpoint: string): ReadContent {
  const start = skipSpace(content, 0);
  const plain = { faults: [], offsetOf: () => start };
  if (start === content.length) return { ...plain, template: undefined };
  if (endpoint !== 'chat') return { ...plain, template: plainText(content) };
  const { messages, faults } = readMessages(content);
  return {
    template: messages.map(({ message }) => message),
    faults,
    offsetOf([at, , part]) {
      const placed = typeof at === 'number' ? messages[at] : undefined;
      const offset = typeof part === 'number' ? placed?.partOffsets[part] : undefined;
      return offset ?? placed?.offset ?? start;
    },
  };
}

/** The content that reads back as exactly this template; undefined if there is none. */
export function printContent(template: Template, endpoint: string): string | undefined {
  const content = writeContent(template, endpoint);
  // Reading normalizes line ends, so a `\r` in the template would not survive.
  if (content === undefined || content.includes('\r')) return undefined;
  const back = readContent(content, endpoint);
  const isSame =
    back.faults.length === 0 && canonicalJson(back.template ?? null) === canonicalJson(template);
  return isSame ? content : undefined;
}

function writeContent(template: Template, endpoint: string): string | undefined {
  if (typeof template !== 'string') {
    return endpoint === 'chat' ? printMessages(template) : undefined;
  }
  if (endpoint === 'chat') return undefined;
  return template.startsWith('\n') ? `\n${template}\n` : `${template}\n`;
}

function plainText(content: string): string {
  return content.slice(content.startsWith('\n') ? 1 : 0, content.endsWith('\n') ? -1 : undefined);
}
