import { bind } from './arguments.ts';
import { escaped } from './escape.ts';
import { applyFilter, applyTest, argumentsOf, call, evaluate, filterBlock } from './evaluate.ts';
import { JinjaFault } from './faults.ts';
import type { Runtime } from './filter.ts';
import { fromInput } from './from-input.ts';
import { spend, spendOn } from './fuel.ts';
import { globals } from './globals.ts';
import { Loop } from './loop.ts';
import type { Template } from './parse-template.ts';
import { Scope } from './scope.ts';
import { iterate } from './sequences.ts';
import { str } from './spelling.ts';
import type { Body, Expression, ForStatement, MacroParts, Statement, Target } from './syntax.ts';
import {
  type Arguments,
  Dict,
  isTrue,
  Markup,
  Thing,
  Tuple,
  Undefined,
  type Value,
} from './values.ts';

/**
 * What a template makes of inputs.
 *
 * @param missing gets the names of inputs that are printed and not there; printing goes on.
 * @throws JinjaFault, OutOfFuel
 */
export function renderTemplateBody(
  template: Template,
  inputs: Readonly<Record<string, unknown>>,
  missing: Set<string>,
): string {
  return new Rendering(template, inputs, missing).run();
}

class Rendering implements Runtime {
  isEscaping = false;
  readonly #template: Template;
  readonly #root: Scope;
  readonly #missing: Set<string>;

  constructor(template: Template, inputs: Readonly<Record<string, unknown>>, missing: Set<string>) {
    this.#template = template;
    this.#missing = missing;
    this.#root = new Scope((name) => {
      if (Object.hasOwn(inputs, name)) return fromInput(inputs[name]);
      return name === 'self' ? this.#self() : globals.get(name);
    });
  }

  run(): string {
    return this.#write(this.#template.body, this.#root);
  }

  filter(name: string, value: Value, args: Arguments): Value {
    return applyFilter(name, value, args, this);
  }

  test(name: string, value: Value, args: Arguments): boolean {
    return applyTest(name, value, args);
  }

  #write(body: Body, scope: Scope): string {
    let written = '';
    for (const statement of body) {
      spend(1);
      try {
        written += this.#writeStatement(statement, scope);
      } catch (error) {
        if (error instanceof JinjaFault) error.line ??= statement.line;
        throw error;
      }
    }
    return written;
  }

  #writeStatement(statement: Statement, scope: Scope): string {
    switch (statement.type) {
      case 'data':
        spendOn(statement.text.length);
        return statement.text;
      case 'print':
        return this.#print(statement.value, scope);
      case 'if': {
        const branch = statement.branches.find(({ condition }) =>
          isTrue(this.#value(condition, scope)),
        );
        return this.#write(branch?.body ?? statement.otherwise, scope);
      }
      case 'for':
        return this.#loop(statement, this.#value(statement.source, scope), scope, 0);
      case 'with': {
        const inside = new Scope(scope);
        // A value does not see the names beside it: `with a=1, b=a` reads the `a` around it.
        for (const [target, value] of statement.assignments) {
          assign(target, this.#value(value, scope), inside);
        }
        return this.#write(statement.body, inside);
      }
      case 'filter-block': {
        const held = this.#held(statement.body, new Scope(scope));
        return this.#text(filterBlock(statement.filter, held, scope, this));
      }
      case 'block':
        return this.#write(statement.body, new Scope(statement.isScoped ? scope : this.#root));
      case 'autoescape':
        return this.#escaping(isTrue(this.#value(statement.isOn, scope)), () =>
          this.#write(statement.body, new Scope(scope)),
        );
      case 'call-block': {
        const caller = this.#macro('caller', statement, scope);
        return this.#text(this.#callWith(statement.call, caller, scope));
      }
      case 'load':
        throw new JinjaFault('no other template can be loaded');
      default:
        this.#define(statement, scope);
        return '';
    }
  }

  #define(statement: Statement, scope: Scope): void {
    if (statement.type === 'set') {
      assign(statement.target, this.#value(statement.value, scope), scope);
    } else if (statement.type === 'set-block') {
      const held = this.#held(statement.body, new Scope(scope));
      const { filter } = statement;
      assign(statement.target, filter ? filterBlock(filter, held, scope, this) : held, scope);
    } else if (statement.type === 'macro') {
      scope.set(statement.name, this.#macro(statement.name, statement, scope));
    }
  }

  #value(expression: Expression, scope: Scope): Value {
    return evaluate(expression, scope, this);
  }

  // An input that is missing is noted, so that all that are can be named at once.
  #print(expression: Expression, scope: Scope): string {
    const value = this.#value(expression, scope);
    if (expression.type === 'name' && value instanceof Undefined && value.input !== undefined) {
      this.#missing.add(value.input);
      return '';
    }
    return this.#text(value);
  }

  #text(value: Value): string {
    return this.isEscaping ? escaped(value) : str(value);
  }

  /** What a block holds, as a value. */
  #held(body: Body, scope: Scope): Value {
    const text = this.#write(body, scope);
    return this.isEscaping ? new Markup(text) : text;
  }

  #escaping(isOn: boolean, write: () => string): string {
    const before = this.isEscaping;
    this.isEscaping = isOn;
    try {
      return write();
    } finally {
      this.isEscaping = before;
    }
  }

  #loop(statement: ForStatement, source: Value, scope: Scope, depth: number): string {
    const { target, condition, body, otherwise, isRecursive } = statement;
    const all = iterate(source);
    const items = condition ? all.filter((item) => this.#fits(item, statement, scope)) : all;
    const again = (inner: Value, level: number): Value => {
      const text = this.#loop(statement, inner, scope, level);
      return this.isEscaping ? new Markup(text) : text;
    };
    const loop = new Loop(items, depth, isRecursive ? again : undefined);
    let written = '';
    for (const [index, item] of items.entries()) {
      spend(3);
      loop.moveTo(index);
      const inside = new Scope(scope);
      inside.set('loop', loop.value);
      assign(target, item, inside);
      written += this.#write(body, inside);
    }
    return items.length > 0 ? written : this.#write(otherwise, new Scope(scope));
  }

  #fits(item: Value, { target, condition }: ForStatement, scope: Scope): boolean {
    if (!condition) return true;
    const inside = new Scope(scope);
    assign(target, item, inside);
    return isTrue(this.#value(condition, inside));
  }

  #macro(name: string, { parameters, reads, body }: MacroParts, scope: Scope): Thing {
    const run = ({ positional, named }: Arguments): Value => {
      const inside = new Scope(scope);
      const rest = new Map(named);
      if (reads.has('caller')) inside.set('caller', rest.get('caller') ?? new Undefined());
      rest.delete('caller');
      for (const [index, parameter] of parameters.entries()) {
        const given = index < positional.length ? positional[index] : rest.get(parameter.name);
        rest.delete(parameter.name);
        const { fallback } = parameter;
        inside.set(
          parameter.name,
          given === undefined
            ? fallback
              ? this.#value(fallback, inside)
              : new Undefined()
            : given,
        );
      }
      if (reads.has('varargs')) {
        inside.set('varargs', new Tuple(positional.slice(parameters.length)));
      } else if (positional.length > parameters.length) {
        throw new JinjaFault(
          `macro '${name}' takes not more than ${parameters.length} argument(s)`,
        );
      }
      if (reads.has('kwargs')) inside.set('kwargs', new Dict(rest));
      else if (rest.size > 0) {
        const [unknown] = rest.keys();
        throw new JinjaFault(`macro '${name}' takes no keyword argument '${unknown}'`);
      }
      return this.#held(body, inside);
    };
    return new Thing('Macro', {
      call: run,
      attribute: (attribute) => {
        if (attribute === 'name') return name;
        if (attribute !== 'arguments') return undefined;
        return new Tuple(parameters.map((parameter) => parameter.name));
      },
    });
  }

  #callWith(expression: Expression, caller: Thing, scope: Scope): Value {
    if (expression.type !== 'call') throw new JinjaFault('expected call');
    const { positional, named } = argumentsOf(expression.args, scope, this);
    const args = { positional, named: new Map([...named, ['caller', caller] as const]) };
    return call(this.#value(expression.of, scope), args);
  }

  /** `self`: the blocks of the template, to be written once more. */
  #self(): Thing {
    return new Thing('TemplateReference', {
      attribute: (name) => {
        const body = this.#template.blocks.get(name);
        if (!body) return undefined;
        return new Thing('BlockReference', {
          call: (args) => {
            bind('', args);
            return this.#held(body, new Scope(this.#root));
          },
        });
      },
    });
  }
}

function assign(target: Target, value: Value, scope: Scope): void {
  if (target.type === 'name') {
    scope.set(target.name, value);
  } else if (target.type === 'member') {
    const namespace = scope.get(target.of);
    const settable = namespace instanceof Thing ? namespace.settable : undefined;
    if (!settable) throw new JinjaFault('cannot assign attribute on non-namespace object');
    settable.set(target.name, value);
  } else {
    const items = iterate(value);
    const { length } = target.targets;
    if (items.length < length) {
      throw new JinjaFault(`not enough values to unpack (expected ${length}, got ${items.length})`);
    }
    if (items.length > length) {
      throw new JinjaFault(`too many values to unpack (expected ${length})`);
    }
    for (const [index, part] of target.targets.entries()) {
      assign(part, items[index] ?? null, scope);
    }
  }
}
