import { toolKind } from '../files/kinds/tool.ts';
import type { Tree } from './attribute-tree.ts';
import { jsonSchemaOf } from './json-schema.ts';
import { type NewLog, requestOf } from './new-log.ts';
import type { Span } from './read-spans.ts';
import { booleanIn, membersOf, textAt, valueAt } from './text-value.ts';

/** The log of a function that ran at the client. */
export function toolLogOf(span: Span): NewLog {
  const request = requestOf(span);
  const output = textAt(span.attributes, 'humanloop.log.output');
  // A function that failed has no output; one of the clients sends its language's word for that.
  const isNone = Boolean(request.error) && (output === 'null' || output === 'None');
  return {
    kind: toolKind,
    spec: specOf(valueAt(span.attributes, 'humanloop.file')),
    request: { ...request, output: isNone ? null : output },
  };
}

/** The client runs its function itself, so the server cannot, though it is told the source code. */
function specOf(file: Tree | undefined): Readonly<Record<string, unknown>> {
  return {
    function: functionOf(valueAt(file, 'function')),
    source_code: textAt(file, 'source_code', 'sourceCode'),
    setup_values: objectIn(valueAt(file, 'setup_values') ?? valueAt(file, 'setupValues')),
    attributes: objectIn(valueAt(file, 'attributes')),
    tool_type: 'json_schema',
  };
}

function objectIn(value: Tree | undefined): object | null {
  return value === undefined ? null : membersOf(value);
}

/** A description that is empty may be missing. */
function functionOf(tree: Tree | undefined): object | undefined {
  if (tree === undefined) return undefined;
  const { parameters, ...said } = membersOf(tree);
  return {
    ...said,
    description: said['description'] ?? '',
    strict: booleanIn(said['strict']),
    parameters: parameters && jsonSchemaOf(parameters),
  };
}
