import { numberOf } from '../compare.ts';
import { type Filter, taking } from '../filter.ts';
import { str } from '../spelling.ts';
import { isTrue, Markup, Undefined } from '../values.ts';
import { htmlFilters } from './html.ts';
import { toJson } from './json.ts';
import { numberFilters } from './numbers.ts';
import { pretty } from './pretty.ts';
import { sequenceFilters } from './sequences.ts';
import { textFilters } from './texts.ts';

const otherwise = taking('default_value boolean', (value, [other = '', boolean = false]) =>
  value instanceof Undefined || (isTrue(boolean) && !isTrue(value)) ? other : value,
);

/** The filters of Jinja2, by their names. */
export const filters: ReadonlyMap<string, Filter> = new Map(
  Object.entries({
    ...textFilters,
    ...htmlFilters,
    ...numberFilters,
    ...sequenceFilters,
    default: otherwise,
    d: otherwise,
    pprint: (value) => pretty(value),
    tojson: taking('indent', (value, [indent = null]) => {
      const width = numberOf(indent);
      const step =
        width === undefined
          ? indent === null
            ? undefined
            : str(indent)
          : ' '.repeat(Math.min(Number(width), 100));
      return new Markup(toJson(value, step));
    }),
  } satisfies Readonly<Record<string, Filter>>),
);
