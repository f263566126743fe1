import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { JinjaError, runJinja } from '../jinja-engine.ts';
import { fullFuel } from '../template-limits.ts';

interface Fixture {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly cases: readonly { readonly template: string; readonly expected: string }[];
}

/** Templates with what Jinja2 3.1.6 made of them: decision 17 says how. */
const { inputs, cases } = JSON.parse(
  readFileSync(new URL('fixtures/jinja2.json', import.meta.url), 'utf8'),
) as Fixture;

test.each(cases)('$template gives what Jinja2 gives', ({ template, expected }) => {
  expect(runJinja([template], inputs, fullFuel)).toEqual([expected]);
});

test.each([
  ['{% for x in xs %}{% break %}{% endfor %}', 'syntax error: unknown statement'],
  ['{% do xs.append(1) %}', 'syntax error: unknown statement'],
  ['{% if n %}', 'syntax error: unexpected end of input, expected `elif` or `else` or `endif`'],
  [`{{ ${'9'.repeat(5_000)} }}`, 'syntax error: a number has too many digits'],
  ['{{ n + name }}', "unsupported operand type(s) for +: 'int' and 'str'"],
  ['{{ n < name }}', "'<' not supported between instances of 'int' and 'str'"],
  ['{{ n / 0 }}', 'division by zero'],
  ['{{ n|strftime }}', 'unknown filter: filter strftime is unknown'],
  ['{{ n is round }}', 'unknown test: test round is unknown'],
  ['{{ xs|map("upper")|length }}', "object of type 'generator' has no len()"],
  ['{{ nope() }}', 'unknown function: `nope` is not there'],
  ['{{ "%d" % name }}', '%d format: a real number is required, not str'],
  ['{{ 10 ** 400 * 1.5 }}', 'int too large to convert to float'],
  ['{{ (10 ** 400)|float }}', 'int too large to convert to float'],
  ['{{ "%f" % 10 ** 400 }}', 'int too large to convert to float'],
  ['{% set a, b = [1] %}', 'not enough values to unpack (expected 2, got 1)'],
  ['{% if n if yes else no %}{% endif %}', 'syntax error: unexpected identifier, expected end of'],
  ['{{ "{d.zeta}".format(d=d) }}', "'dict' object has no such member"],
  ['{{ "{xs[7]}".format(xs=xs) }}', "'list' object has no such member"],
  ['{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}', "macro 'm' takes not more than 1 argument(s)"],
])('%s fails, as it does in Jinja2', (template, message) => {
  const run = () => runJinja([template], inputs, fullFuel);
  expect(run).toThrow(JinjaError);
  expect(run).toThrow(message);
});

test('a template reaches nothing of its engine', () => {
  for (const name of ['__class__', '__init__', 'constructor', '__proto__']) {
    for (const of of ['name', 'n', 'xs', 'd', 'range', 'name.upper', 'cycler(1)']) {
      expect(() => runJinja([`{{ ${of}.${name} }}`], inputs, fullFuel)).toThrow('undefined value');
      expect(() => runJinja([`{{ ${of}['${name}'] }}`], inputs, fullFuel)).toThrow(
        'undefined value',
      );
    }
  }
});

test.each([
  ['a power', '{{ 10 ** (10 ** 8) }}'],
  [
    'a product that grows',
    '{% set n = namespace(a=9) %}{% for i in range(64) %}{% set n.a = n.a * n.a %}{% endfor %}',
  ],
  ['a long range', '{{ range(10 ** 12)|list }}'],
  [
    'a list that doubles',
    '{% set n = namespace(a=[1]) %}{% for i in range(40) %}{% set n.a = n.a + n.a %}{% endfor %}',
  ],
  [
    'a list within lists',
    '{% set n = namespace(a=[]) %}{% for i in range(40) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a }}',
  ],
  ['a wide format', '{{ "%999999999d" % 1 }}'],
  ['a wide centre', '{{ "a"|center(999999999) }}'],
  ['an indent', '{{ "a"|indent(999999999, true) }}'],
  ['a text replaced by a longer one', '{% set a = "x" * 100000 %}{{ a|replace("x", a) }}'],
  ['a joint', '{{ range(100000)|join("x" * 100000) }}'],
  ['very many items', '{% set a = [1] * 30000000 %}'],
  ['no number of steps', '{{ "" * 10 ** 400 }}{% for i in range(10 ** 7) %}x{% endfor %}'],
  [
    'a list within lists, printed prettily',
    '{% set n = namespace(a=[]) %}{% for i in range(40) %}{% set n.a = [n.a, n.a] %}{% endfor %}{{ n.a|pprint }}',
  ],
  [
    'a key of tuples within tuples',
    '{% set n = namespace(a=()) %}{% for i in range(40) %}{% set n.a = (n.a, n.a) %}{% endfor %}{{ {n.a: 1} }}',
  ],
  ['texts sorted without case', '{{ (["x" * 100000] * 10000)|sort|length }}'],
  ['beginnings', '{{ "a".startswith(("b" * 100000,) * 10000) }}'],
  ['characters', '{% set a = "😀" * 100000 %}{% for i in range(10000) %}{{ a[i] }}{% endfor %}'],
  [
    'an attribute of attributes',
    `{{ range(100000)|map(attribute="${'real.'.repeat(1000)}real")|list }}`,
  ],
  [
    'the last members of a dict',
    '{% set d = dict(range(50000)|batch(2)) %}{% for i in range(20000) %}{% set _ = d.popitem() %}{% endfor %}',
  ],
  ['a sort of itself', '{% for i in range(100000) %}{% set b = range(1000)|sort %}{% endfor %}'],
])('fuel runs out for %s', (_name, template) => {
  const run = () => runJinja([template], {}, fullFuel);
  expect(run).toThrow(JinjaError);
  expect(run).toThrow(/too many|too much/);
});
