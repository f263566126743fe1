import { expect, test } from 'vitest';
import { jinjaReads, jinjaVariables } from './jinja-variables.ts';

test.each([
  ['a variable', '{{ a }} {{- b -}}', ['a', 'b']],
  ['the first name of a path', '{{ a.b.c }} {{ d["e"] }} {{ f[g] }}', ['a', 'd', 'f', 'g']],
  [
    'neither filters nor tests',
    '{{ a|upper|join(b) }} {{ c is defined }} {{ d is not none }}',
    ['a', 'b', 'c', 'd'],
  ],
  [
    'what a test compares with',
    '{{ a is divisibleby b }} {{ c in d }} {{ e not in f }}',
    ['a', 'b', 'c', 'd', 'e', 'f'],
  ],
  [
    'both sides of an operator',
    '{{ a ~ b if c else d }} {{ not e and f == g }}',
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
  ],
  ['values, not the names of arguments', '{{ a|replace(old=b, new="c") }}', ['a', 'b']],
  ['what is in lists and dicts', '{{ [a, {"b": {"c": d}}] }} {{ e }}', ['a', 'd', 'e']],
  ['no literals', `{{ "a }} b" ~ 'c\\'d' ~ 1.5e3 ~ True ~ none }}`, []],
  ['no comments, no raw text', '{# {{ a }} #}{% raw %}{{ b }}{%- endraw %}{{ c }}', ['c']],
  ['no functions', '{{ range(a) }} {{ dict(b=c) }} {{ range }}', ['a', 'c', 'range']],
  [
    'what a loop goes through',
    '{% for a in b if a.ok and c %}{{ a }}{{ loop.index }}{% endfor %}{{ a }}',
    ['b', 'c', 'a'],
  ],
  [
    'no names of a loop',
    '{% for a, (b, c) in d.items() recursive %}{{ a ~ b ~ c }}{% endfor %}',
    ['d'],
  ],
  ['conditions', '{% if a %}{% elif b %}{{ c }}{% else %}{{ d }}{% endif %}', ['a', 'b', 'c', 'd']],
  ['a name until it is set', '{{ a }}{% set a = b %}{{ a }}', ['a', 'b']],
  ['no name set in a condition', '{% if a %}{% set b = 1 %}{% endif %}{{ b }}', ['a']],
  [
    'a name set in a loop, after the loop',
    '{% for a in b %}{% set c = 1 %}{{ c }}{% endfor %}{{ c }}',
    ['b', 'c'],
  ],
  [
    'a block that sets a name',
    '{% set a | replace(b, "") %}{{ c }}{% endset %}{{ a }}',
    ['b', 'c'],
  ],
  ['several names set at once', '{% set (a, b) = c %}{{ a }}{{ b }}', ['c']],
  [
    'no attribute that is set',
    '{% set n = namespace(a=b) %}{% set n.a = c %}{{ n.a }}',
    ['b', 'c'],
  ],
  ['with', '{% with a = b, c = a %}{{ a ~ c }}{% endwith %}{{ a }}', ['b', 'a']],
  [
    'macros',
    '{% macro a(b, c=d) %}{{ b ~ c ~ e ~ caller() }}{% endmacro %}{{ a(f) }}{{ b }}',
    ['d', 'e', 'f', 'b'],
  ],
  [
    'calls',
    '{% macro a() %}{% endmacro %}{% call(b) a(c) %}{{ b ~ d }}{% endcall %}{{ b }}',
    ['c', 'd', 'b'],
  ],
  ['filter blocks', '{% filter replace(a, "") %}{{ b }}{% endfilter %}', ['a', 'b']],
  ['blocks', '{% block a %}{{ b }}{% endblock %}', ['b']],
  ['nothing in a template that cannot be loaded', '{% include a %}{% from "x" import y %}', []],
  ['what comes before a syntax error', '{{ a }}{% set b = "{{ c }}', ['a']],
  [
    'words that objects inherit',
    '{{ constructor }}{% constructor %}{{ __proto__ }}',
    ['constructor', '__proto__'],
  ],
])('finds %s', (_what, source, names) => {
  expect([...new Set(jinjaVariables(source))]).toEqual(names);
});

test('knows the line of each use, and whether it may be undefined', () => {
  expect(
    jinjaReads('{# \n #}{{ a }}\n{% if b is defined %}\n{{ "\n"\n~ c|d(1) }}{% endif %}'),
  ).toEqual([
    { name: 'a', line: 2, isGuarded: false },
    { name: 'b', line: 3, isGuarded: true },
    { name: 'c', line: 6, isGuarded: true },
  ]);
});

test('takes time in proportion to the text, whatever it is', () => {
  const hostile = [
    '{',
    '{{',
    '{%',
    '{#',
    '{{ "',
    '{{ "\\"',
    '{{ \'"',
    '{% raw %}',
    '{% raw',
    '{% endraw',
    '{{ a|',
    '{{ (',
    '{% for a in a %}',
    '{% set a %}',
    '{% with a=a %}',
    '{{ a }}',
    '{{ 1',
  ];
  const started = process.cpuUsage();
  for (const piece of hostile) {
    jinjaVariables(piece.repeat(30_000));
    jinjaVariables(`{{ ${piece.repeat(30_000)}`);
  }
  // Of the processor, which others may want at the same time.
  const { user } = process.cpuUsage(started);
  expect(user).toBeLessThan(5_000_000);
});
