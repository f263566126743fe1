import { PlatformError } from '../kernel/errors.ts';
import { faultsFromErrors } from '../kernel/schema-faults.ts';
import { type FlowEnd, flowEndOf } from './flow-span.ts';
import type { NewLog } from './new-log.ts';
import { isModelCall } from './operation.ts';
import { promptLogOf } from './prompt-span.ts';
import type { Span } from './read-spans.ts';
import { errorsIn } from './schema-errors.ts';
import { textAt } from './text-value.ts';
import { toolLogOf } from './tool-span.ts';

/**
 * What a span of the clients' decorators asks for; undefined for any other: they are passed over.
 *
 * @throws `invalid` for a span that does not say what its log must.
 */
export function logOfSpan(span: Span): NewLog | FlowEnd | undefined {
  if (span.scope === 'humanloop.sdk.provider') {
    return isModelCall(span.attributes) ? checked(promptLogOf(span)) : undefined;
  }
  if (span.scope !== 'humanloop.sdk.decorator') return undefined;
  const type = textAt(span.attributes, 'humanloop.file.type');
  if (type === 'tool') return checked(toolLogOf(span));
  return type === 'flow' ? flowEndOf(span) : undefined;
}

/** @throws `invalid` unless the log could have been sent to `POST /{collection}/log` as it is. */
function checked(log: NewLog): NewLog {
  const { type, log: form } = log.kind;
  const body = { ...log.request, [form?.inline ?? type]: log.spec };
  const faults = faultsFromErrors(errorsIn(form?.request ?? {}, body), 'body');
  const [first] = faults;
  if (first) throw new PlatformError('invalid', 'invalid', first.msg, { faults });
  return log;
}
