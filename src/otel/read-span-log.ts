import { PlatformError } from '../kernel/errors.ts';
import { faultsFromErrors } from '../kernel/schema-faults.ts';
import { type FlowEnd, readFlowEnd } from './flow-span.ts';
import type { NewLog } from './new-log.ts';
import { isModelCall } from './operation.ts';
import { readPromptLog } from './prompt-span.ts';
import type { Span } from './read-spans.ts';
import { errorsIn } from './schema-errors.ts';
import { textAt } from './text-value.ts';
import { readToolLog } from './tool-span.ts';

/**
 * What a span of the clients' decorators asks for; undefined for other spans, which are skipped.
 *
 * @throws `invalid` for a span that lacks a required attribute.
 */
export function readSpanLog(span: Span): NewLog | FlowEnd | undefined {
  if (span.scope === 'humanloop.sdk.provider') {
    return isModelCall(span.attributes) ? checked(readPromptLog(span)) : undefined;
  }
  if (span.scope !== 'humanloop.sdk.decorator') return undefined;
  const type = textAt(span.attributes, 'humanloop.file.type');
  if (type === 'tool') return checked(readToolLog(span));
  return type === 'flow' ? readFlowEnd(span) : undefined;
}

/** @throws `invalid` unless `POST /{collection}/log` would accept the log as it is. */
function checked(log: NewLog): NewLog {
  const { type, log: form } = log.kind;
  const body = { ...log.request, [form?.inline ?? type]: log.spec };
  const faults = faultsFromErrors(errorsIn(form?.request ?? {}, body), 'body');
  const [first] = faults;
  if (first) throw new PlatformError('invalid', 'invalid', first.msg, { faults });
  return log;
}
