import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import type { TextFault } from './text-faults.ts';
import { yamlFaults } from './yaml-faults.ts';

/** Characters of the front matter. Long templates belong into the content, which has no limit. */
const longestYaml = 2 * 1024 * 1024;

/** The time to read YAML depends on its tokens: about 5 µs each (measured in November 2026). */
const mostTokens = 200_000;

/** Maximum nesting: the YAML library recurses, and would run out of stack. */
export const deepestYaml = 110;

/** The result of parsing YAML. `document` is missing if it cannot be parsed at all. */
export interface ReadDocument {
  readonly document?: Document.Parsed;
  readonly faults: readonly TextFault[];
}

/**
 * Parses one document of YAML 1.2 (core schema, no merge keys, only core tags).
 *
 * Duplicate keys are not checked here: the library would compare each key with all others.
 */
export function readYamlDocument(source: string): ReadDocument {
  if (source.length > longestYaml) {
    const megabytes = longestYaml / 1024 / 1024;
    return { faults: [{ offset: 0, msg: `The front matter has more than ${megabytes} MB.` }] };
  }
  const tokens = readTokens(source);
  return 'msg' in tokens ? { faults: [tokens] } : compose(source, tokens);
}

function readTokens(source: string): CST.Token[] | TextFault {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(source)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    count += 1;
    const { offset } = parser;
    if (count > mostTokens) return { offset, msg: 'The front matter has too many parts.' };
    if (parser.stack.length > deepestYaml) return { offset, msg: 'This is nested too deeply.' };
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function compose(source: string, tokens: CST.Token[]): ReadDocument {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
  });
  const { stackTraceLimit } = Error;
  try {
    // No stack traces: the library makes an Error for each fault, and a text can have thousands.
    // Their stacks would cost far more time than the parsing.
    Error.stackTraceLimit = 0;
    const [document, second] = composer.compose(tokens, true, source.length);
    if (!document) return { faults: [] };
    const faults = yamlFaults(source, document);
    if (second) {
      faults.push({ offset: second.range[0], msg: 'The front matter must be a single document.' });
    }
    return { document, faults };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
