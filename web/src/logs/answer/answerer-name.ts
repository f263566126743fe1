import { memberName } from '../../session/member-name.ts';
import type { Answerer } from '../trace/span.ts';

/** Who answered a call: a person, or a program by its key. Undefined when it is not known. */
export function answererName(answerer: Answerer | null | undefined): string | undefined {
  const { member, api_key: key } = answerer ?? {};
  if (!key) return member ? memberName(member) : undefined;
  return `API key ${key.name}${member ? ` of ${memberName(member)}` : ''}`;
}
