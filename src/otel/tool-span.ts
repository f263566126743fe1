import { toolKind } from '../files/kinds/tool.ts';
import type { Tree } from './attribute-tree.ts';
import { restoreSchema } from './json-schema.ts';
import { type NewLog, toLogRequest } from './new-log.ts';
import type { Span } from './read-spans.ts';
import { booleanIn, textAt, toMembers, valueAt } from './text-value.ts';

/** The log of a function that the client ran. */
export function readToolLog(span: Span): NewLog {
  const request = toLogRequest(span);
  const output = textAt(span.attributes, 'humanloop.log.output');
  // A function that failed has no output, but one of the clients sends its language's null.
  const isNone = Boolean(request.error) && (output === 'null' || output === 'None');
  return {
    kind: toolKind,
    spec: readSpec(valueAt(span.attributes, 'humanloop.file')),
    request: { ...request, output: isNone ? null : output },
  };
}

/**
 * The fields of the tool's version. Its type is `json_schema`, since the client runs the function,
 * and not the server, although the server gets the source code.
 */
function readSpec(file: Tree | undefined): Readonly<Record<string, unknown>> {
  return {
    function: readFunction(valueAt(file, 'function')),
    source_code: textAt(file, 'source_code', 'sourceCode'),
    setup_values: objectIn(valueAt(file, 'setup_values') ?? valueAt(file, 'setupValues')),
    attributes: objectIn(valueAt(file, 'attributes')),
    tool_type: 'json_schema',
  };
}

function objectIn(value: Tree | undefined): object | null {
  return value === undefined ? null : toMembers(value);
}

/** An empty description may be missing altogether. */
function readFunction(tree: Tree | undefined): object | undefined {
  if (tree === undefined) return undefined;
  const { parameters, ...said } = toMembers(tree);
  return {
    ...said,
    description: said['description'] ?? '',
    strict: booleanIn(said['strict']),
    parameters: parameters && restoreSchema(parameters),
  };
}
