import { bind } from './arguments.ts';
import { numberOf } from './compare.ts';
import { isCased } from './methods/text-classes.ts';
import { operators } from './operators.ts';
import { isIterable } from './sequences.ts';
import { str } from './spelling.ts';
import {
  type Arguments,
  Dict,
  isTrue,
  Markup,
  Range,
  Thing,
  Tuple,
  textOf,
  Undefined,
  type Value,
} from './values.ts';

/** What `value is name(…)` asks. */
type Test = (value: Value, args: Arguments) => boolean;

const sameAs = comparing((a, b) => a === b);

/** The tests of Jinja2 that know no names of filters and tests, by their names. */
export const tests: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', (value) => !(value instanceof Undefined)],
  ['undefined', (value) => value instanceof Undefined],
  ['none', (value) => value === null],
  ['boolean', (value) => typeof value === 'boolean'],
  ['true', (value) => value === true],
  ['false', (value) => value === false],
  ['integer', (value) => typeof value === 'bigint'],
  ['float', (value) => typeof value === 'number'],
  ['number', (value) => numberOf(value) !== undefined],
  ['string', (value) => textOf(value) !== undefined],
  ['escaped', (value) => value instanceof Markup],
  ['mapping', (value) => value instanceof Dict],
  ['iterable', isIterable],
  ['sequence', isSequence],
  ['callable', (value) => value instanceof Thing && value.call !== undefined],
  ['lower', (value) => isCased(str(value)) && str(value) === str(value).toLowerCase()],
  ['upper', (value) => isCased(str(value)) && str(value) === str(value).toUpperCase()],
  ['odd', (value) => isTrue(operators['=='](operators['%'](value, 2n), 1n))],
  ['even', (value) => isTrue(operators['=='](operators['%'](value, 2n), 0n))],
  ['divisibleby', comparing((value, by) => !isTrue(operators['%'](value, by)))],
  ['sameas', sameAs],
  ['in', comparing(operators.in)],
  ...comparisons('==', 'eq', 'equalto'),
  ...comparisons('!=', 'ne'),
  ...comparisons('>', 'gt', 'greaterthan'),
  ...comparisons('>=', 'ge'),
  ...comparisons('<', 'lt', 'lessthan'),
  ...comparisons('<=', 'le'),
]);

function comparisons(sign: '==' | '!=' | '>' | '>=' | '<' | '<=', ...names: string[]) {
  return [sign, ...names].map((name) => [name, comparing(operators[sign])] as const);
}

function comparing(compare: (value: Value, other: Value) => boolean): Test {
  return (value, args) => {
    const [other = null] = bind('other!', args);
    return compare(value, other);
  };
}

function isSequence(value: Value): boolean {
  return (
    textOf(value) !== undefined ||
    Array.isArray(value) ||
    value instanceof Tuple ||
    value instanceof Dict ||
    value instanceof Range
  );
}
