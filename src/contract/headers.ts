import { Type } from 'typebox';
import { checkedByCode } from './checked-by-code.ts';

const headerValue = Type.String({
  minLength: 1,
  maxLength: 8_000,
  ...checkedByCode({ pattern: '^[\\x21-\\x7e]([\\t\\x20-\\x7e]*[\\x21-\\x7e])?$' }),
});

/** Headers to send with every request to a server that a user chose. */
export const secretHeaders = (description: string) =>
  Type.Record(Type.String(), headerValue, {
    maxProperties: 32,
    description,
    ...checkedByCode({ propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}$" } }),
  });
