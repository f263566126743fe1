import { noArguments } from './arguments.ts';
import { getAttribute, getItem } from './attributes.ts';
import { escaped } from './escape.ts';
import { JinjaFault } from './faults.ts';
import type { Runtime } from './filter.ts';
import { filters } from './filters/index.ts';
import { spend, spendOn } from './fuel.ts';
import { asPositive, negated, operators } from './operators.ts';
import type { Scope } from './scope.ts';
import { iterate, slice } from './sequences.ts';
import { str } from './spelling.ts';
import type { CallArguments, Expression } from './syntax.ts';
import { tests } from './tests.ts';
import {
  type Arguments,
  Dict,
  isTrue,
  Markup,
  Thing,
  Tuple,
  textOf,
  typeOf,
  Undefined,
  type Value,
} from './values.ts';

/** The value of an expression. @throws JinjaFault with the expression's line. */
export function evaluate(expression: Expression, scope: Scope, runtime: Runtime): Value {
  spend(1);
  try {
    return valueOfExpression(expression, scope, runtime);
  } catch (error) {
    if (error instanceof JinjaFault) error.line ??= expression.line;
    throw error;
  }
}

/** Applies the filters of a block to what it holds. */
export function filterBlock(
  filter: Expression,
  held: Value,
  scope: Scope,
  runtime: Runtime,
): Value {
  if (filter.type !== 'filter') return held;
  const of = filter.of ? filterBlock(filter.of, held, scope, runtime) : held;
  return applyFilter(filter.name, of, argumentsOf(filter.args, scope, runtime), runtime);
}

/** `value | name(…)`. */
export function applyFilter(name: string, value: Value, args: Arguments, runtime: Runtime): Value {
  const filter = filters.get(name);
  if (!filter) throw new JinjaFault(`unknown filter: filter ${name} is unknown`);
  spendOn(sizeOf(value));
  return filter(value, args, runtime);
}

/** `value is name(…)`. */
export function applyTest(name: string, value: Value, args: Arguments): boolean {
  spend(1);
  if (name === 'filter') return filters.has(str(value));
  if (name === 'test') return tests.has(str(value)) || ['filter', 'test'].includes(str(value));
  const test = tests.get(name);
  if (!test) throw new JinjaFault(`unknown test: test ${name} is unknown`);
  return test(value, args);
}

/** Calls a function, method or macro. */
export function call(value: Value, args: Arguments): Value {
  spend(1);
  if (value instanceof Thing && value.call) return value.call(args);
  if (value instanceof Undefined) {
    const name = value.input === undefined ? 'what is called' : `\`${value.input}\``;
    throw new JinjaFault(`unknown function: ${name} is not there`);
  }
  throw new JinjaFault(`'${typeOf(value)}' object is not callable`);
}

/** The arguments of a call. */
export function argumentsOf(written: CallArguments, scope: Scope, runtime: Runtime): Arguments {
  const { positional, named, spread, spreadNamed } = written;
  if (positional.length + named.length === 0 && !spread && !spreadNamed) return noArguments;
  const valueIn = (expression: Expression) => evaluate(expression, scope, runtime);
  const values = [...positional.map(valueIn), ...(spread ? iterate(valueIn(spread)) : [])];
  const members = new Map(named.map(([name, expression]) => [name, valueIn(expression)]));
  if (spreadNamed) {
    const dict = valueIn(spreadNamed);
    if (!(dict instanceof Dict)) throw new JinjaFault('argument after ** must be a mapping');
    for (const [key, value] of dict.entries()) members.set(textOf(key) ?? '', value);
  }
  return { positional: values, named: members };
}

function valueOfExpression(expression: Expression, scope: Scope, runtime: Runtime): Value {
  const valueIn = (part: Expression) => evaluate(part, scope, runtime);
  switch (expression.type) {
    case 'constant':
      return expression.value;
    case 'name':
      return scope.get(expression.name);
    case 'list':
      return expression.items.map(valueIn);
    case 'tuple':
      return new Tuple(expression.items.map(valueIn));
    case 'dict':
      return new Dict(
        expression.members.map(([key, value]) => [valueIn(key), valueIn(value)] as const),
      );
    case 'attribute':
      return getAttribute(valueIn(expression.of), expression.name);
    case 'item':
      return getItem(valueIn(expression.of), valueIn(expression.key));
    case 'slice': {
      const [start = null, stop = null, step = null] = expression.bounds.map((bound) =>
        bound ? valueIn(bound) : null,
      );
      return slice(valueIn(expression.of), { start, stop, step });
    }
    case 'call':
      return call(valueIn(expression.of), argumentsOf(expression.args, scope, runtime));
    case 'filter': {
      const of = expression.of ? valueIn(expression.of) : null;
      return applyFilter(
        expression.name,
        of,
        argumentsOf(expression.args, scope, runtime),
        runtime,
      );
    }
    case 'test': {
      const of = valueIn(expression.of);
      return applyTest(expression.name, of, argumentsOf(expression.args, scope, runtime));
    }
    default:
      return valueOfOperation(expression, valueIn, runtime);
  }
}

function valueOfOperation(
  expression: Expression,
  valueIn: (part: Expression) => Value,
  { isEscaping }: Runtime,
): Value {
  switch (expression.type) {
    case 'not':
      return !isTrue(valueIn(expression.of));
    case 'negative':
      return negated(valueIn(expression.of));
    case 'positive':
      return asPositive(valueIn(expression.of));
    case 'and': {
      const left = valueIn(expression.left);
      return isTrue(left) ? valueIn(expression.right) : left;
    }
    case 'or': {
      const left = valueIn(expression.left);
      return isTrue(left) ? left : valueIn(expression.right);
    }
    case 'operation':
      return operators[expression.operator](valueIn(expression.left), valueIn(expression.right));
    case 'comparison': {
      let left = valueIn(expression.first);
      for (const { operator, of } of expression.rest) {
        const right = valueIn(of);
        if (!isTrue(operators[operator](left, right))) return false;
        left = right;
      }
      return true;
    }
    case 'joined': {
      const values = expression.parts.map(valueIn);
      return isEscaping ? new Markup(values.map(escaped).join('')) : values.map(str).join('');
    }
    case 'choice': {
      if (isTrue(valueIn(expression.condition))) return valueIn(expression.chosen);
      return expression.otherwise ? valueIn(expression.otherwise) : new Undefined(undefined, true);
    }
    default:
      throw new TypeError(`An expression of the type ${expression.type} has no value.`);
  }
}

function sizeOf(value: Value): number {
  return textOf(value)?.length ?? (Array.isArray(value) ? value.length : 0);
}
