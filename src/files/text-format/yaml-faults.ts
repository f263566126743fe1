import { type Document, type ErrorCode, isCollection, isScalar, visit, type YAMLError } from 'yaml';
import { mostTextFaults, type TextFault } from './text-faults.ts';

/** The errors of a YAML document in our words, at most one a line. */
export function yamlFaults(source: string, document: Document.Parsed): TextFault[] {
  // BAD_INDENT warns of a closing bracket at the start of a line, which published samples have.
  const warnings = document.warnings.filter(({ code }) => code !== 'BAD_INDENT');
  return firstOfEachLine(source, [...document.errors, ...warnings])
    .slice(0, mostTextFaults)
    .map((error) => unclosed(document, error) ?? { offset: error.pos[0], msg: faultText(error) });
}

/** The first error of each line: later ones mostly follow from it. */
function firstOfEachLine(source: string, errors: readonly YAMLError[]): YAMLError[] {
  let lineEnd = -1;
  return [...errors]
    .sort((a, b) => a.pos[0] - b.pos[0])
    .filter(({ pos: [offset] }) => {
      if (offset <= lineEnd) return false;
      const end = source.indexOf('\n', offset);
      lineEnd = end < 0 ? source.length : end;
      return true;
    });
}

/**
 * A quote or bracket that is not closed, reported where it opens. The library reports it where it
 * stopped looking for the end, which may be many lines below.
 */
function unclosed(document: Document.Parsed, { message, pos }: YAMLError): TextFault | undefined {
  const isQuote = message.startsWith('Missing closing');
  if (!isQuote && !message.includes('end with a')) return undefined;
  let offset: number | undefined;
  visit(document, {
    Node(_, node) {
      const isMeant = isQuote
        ? isScalar(node) && node.type?.startsWith('QUOTE')
        : isCollection(node) && node.flow;
      const [start, end] = node.range ?? [0, 0];
      if (isMeant && start < pos[0] && pos[0] <= end) offset = start;
    },
  });
  const msg = `This ${isQuote ? 'quote' : 'bracket'} is not closed, or a line in it is not indented.`;
  return offset === undefined ? undefined : { offset, msg };
}

function faultText({ code }: YAMLError): string {
  return messages[code] ?? 'This is not YAML.';
}

const messages: Partial<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'An alias cannot have an anchor or a tag.',
  BAD_ALIAS: 'This is not a valid alias name.',
  BAD_COLLECTION_TYPE: 'This tag does not fit its value.',
  BAD_DQ_ESCAPE: 'This escape is not valid in a quoted text.',
  BAD_INDENT: 'The indentation is wrong, or a bracket is not closed.',
  BAD_PROP_ORDER: 'An anchor or a tag is in the wrong place.',
  BAD_SCALAR_START: 'A text that begins with this character must be quoted.',
  BLOCK_AS_IMPLICIT_KEY: 'There is a second `:` here. Quote the text that contains it.',
  BLOCK_IN_FLOW: 'A comma or a bracket is missing before the next `:`.',
  MISSING_CHAR: 'Something is missing here: a quote, a bracket, a comma, a colon or a space.',
  MULTILINE_IMPLICIT_KEY: 'A `:` is missing after this key.',
  MULTIPLE_ANCHORS: 'This has two anchors.',
  MULTIPLE_TAGS: 'This has two tags.',
  TAB_AS_INDENT: 'Indent lines with spaces, not with tabs.',
  TAG_RESOLVE_FAILED: 'This tag is unknown.',
  UNEXPECTED_TOKEN: 'This does not belong here.',
};
