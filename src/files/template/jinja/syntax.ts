import type { Operator } from './operators.ts';
import type { Value } from './values.ts';

/** A part of a template that has a value. `line` is where it begins, from 1. */
export type Expression = { readonly line: number } & (
  | { readonly type: 'constant'; readonly value: Value }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'list' | 'tuple'; readonly items: readonly Expression[] }
  | { readonly type: 'dict'; readonly members: readonly (readonly [Expression, Expression])[] }
  | { readonly type: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly type: 'item'; readonly of: Expression; readonly key: Expression }
  | {
      readonly type: 'slice';
      readonly of: Expression;
      readonly bounds: readonly (Expression | undefined)[];
    }
  | { readonly type: 'call'; readonly of: Expression; readonly args: CallArguments }
  | {
      readonly type: 'filter';
      /** Undefined: what a filter block holds. */
      readonly of: Expression | undefined;
      readonly name: string;
      readonly args: CallArguments;
    }
  | {
      readonly type: 'test';
      readonly of: Expression;
      readonly name: string;
      readonly args: CallArguments;
    }
  | { readonly type: 'negative' | 'positive' | 'not'; readonly of: Expression }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: 'comparison';
      readonly first: Expression;
      readonly rest: readonly { readonly operator: Operator; readonly of: Expression }[];
    }
  | { readonly type: 'joined'; readonly parts: readonly Expression[] }
  | {
      readonly type: 'choice';
      readonly condition: Expression;
      readonly chosen: Expression;
      readonly otherwise: Expression | undefined;
    }
);

/** The arguments of a call, as they are written: `f(a, b=c, *d, **e)`. */
export interface CallArguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
  readonly spread: Expression | undefined;
  readonly spreadNamed: Expression | undefined;
}

/** What a value is assigned to. */
export type Target =
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'member'; readonly of: string; readonly name: string }
  | { readonly type: 'targets'; readonly targets: readonly Target[] };

/** A part of a template that writes, or that changes what is written. */
export type Statement = { readonly line: number } & (
  | { readonly type: 'data'; readonly text: string }
  | { readonly type: 'print'; readonly value: Expression }
  | {
      readonly type: 'if';
      readonly branches: readonly { readonly condition: Expression; readonly body: Body }[];
      readonly otherwise: Body;
    }
  | ForStatement
  | { readonly type: 'set'; readonly target: Target; readonly value: Expression }
  | {
      readonly type: 'set-block';
      readonly target: Target;
      readonly filter: Expression | undefined;
      readonly body: Body;
    }
  | {
      readonly type: 'with';
      readonly assignments: readonly (readonly [Target, Expression])[];
      readonly body: Body;
    }
  | ({ readonly type: 'macro'; readonly name: string } & MacroParts)
  | ({ readonly type: 'call-block'; readonly call: Expression } & MacroParts)
  | { readonly type: 'filter-block'; readonly filter: Expression; readonly body: Body }
  | {
      readonly type: 'block';
      readonly name: string;
      readonly isScoped: boolean;
      readonly body: Body;
    }
  | { readonly type: 'autoescape'; readonly isOn: Expression; readonly body: Body }
  | { readonly type: 'load' }
);

export type Body = readonly Statement[];

export interface ForStatement {
  readonly line: number;
  readonly type: 'for';
  readonly target: Target;
  readonly source: Expression;
  readonly condition: Expression | undefined;
  readonly isRecursive: boolean;
  readonly body: Body;
  readonly otherwise: Body;
}

/** What a macro takes, and what it writes. */
export interface MacroParts {
  readonly parameters: readonly {
    readonly name: string;
    readonly fallback: Expression | undefined;
  }[];
  /** Names that the body reads: only a macro that reads `varargs` takes more than its parameters. */
  readonly reads: ReadonlySet<string>;
  readonly body: Body;
}
