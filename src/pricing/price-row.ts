import { type Static, Type } from 'typebox';
import { modelProviders } from '../contract/providers.ts';
import type { Period, Rate, Rates } from './price.ts';

const dollars = Type.Number({
  minimum: 0,
  maximum: 1_000_000,
  description: 'US dollars per million tokens.',
});
const timeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });

/** A price in the form that people write it. */
export const priceRow = Type.Object(
  {
    provider: Type.Unsafe<(typeof modelProviders)[number]>({
      type: 'string',
      enum: [...modelProviders],
    }),
    model: Type.String({
      minLength: 1,
      description:
        'The name of the model. Case is ignored. With `*` at its end, it stands for all names that begin like this.',
    }),
    input: dollars,
    cache_read: Type.Optional(dollars),
    cache_write: Type.Optional(dollars),
    output: dollars,
    above: Type.Optional(
      Type.Array(
        Type.Object(
          {
            tokens: Type.Integer({ minimum: 0, description: 'All input tokens of a call.' }),
            input: Type.Optional(dollars),
            cache_read: Type.Optional(dollars),
            cache_write: Type.Optional(dollars),
            output: Type.Optional(dollars),
          },
          { additionalProperties: false },
        ),
        { description: 'Prices for calls whose input has more tokens than this.' },
      ),
    ),
    from: Type.Optional(Type.String({ format: 'date-time' })),
    utc_hours: Type.Optional(
      Type.Array(timeOfDay, {
        minItems: 2,
        maxItems: 2,
        description: 'The hours of each day in which the price applies: from, until.',
      }),
    ),
  },
  { additionalProperties: false },
);

export type PriceRow = Static<typeof priceRow>;

/**
 * Whether a row is for this model.
 *
 * @param model in lower case.
 */
export function isForModel(row: PriceRow, provider: string, model: string): boolean {
  if (row.provider !== provider) return false;
  const name = row.model.toLowerCase();
  return name.endsWith('*') ? model.startsWith(name.slice(0, -1)) : model === name;
}

export function periodOfRow(row: PriceRow): Period {
  const [start, end] = row.utc_hours ?? [];
  return {
    from: row.from === undefined ? undefined : Date.parse(row.from),
    hours:
      start === undefined || end === undefined
        ? undefined
        : { start: secondOfDay(start), end: secondOfDay(end) },
    rates: readRates(row),
  };
}

type Kind = 'input' | 'cache_read' | 'cache_write' | 'output';

function readRates(row: PriceRow): Rates {
  const steps = (row.above ?? []).toSorted((a, b) => a.tokens - b.tokens);
  const rate = (kind: Kind): Rate | undefined => {
    const base = row[kind];
    if (base === undefined) return undefined;
    return {
      base,
      steps: steps.flatMap(({ tokens, [kind]: price }) =>
        price === undefined ? [] : [{ above: tokens, price }],
      ),
    };
  };
  return {
    input: rate('input'),
    cacheRead: rate('cache_read'),
    cacheWrite: rate('cache_write'),
    output: rate('output'),
  };
}

function secondOfDay(time: string): number {
  return Date.parse(`1970-01-01T${time}:00Z`) / 1_000;
}
