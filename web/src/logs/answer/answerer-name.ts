import { memberName } from '../../session/member-name.ts';
import type { Span } from '../trace/span.ts';

/** Who answered a call: a person, or a program by its key. Undefined when it is not known. */
export function answererName(answerer: Span['answerer'] | undefined): string | undefined {
  const { member, api_key: key } = answerer ?? {};
  if (!key) return member ? memberName(member) : undefined;
  return `API key ${key.name}${member ? ` of ${memberName(member)}` : ''}`;
}
